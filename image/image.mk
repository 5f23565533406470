# The image; IMAGE_FLAGS=--fast compresses quickly, for development.
.PHONY: iso pxe
IMAGE_FLAGS ?=

iso pxe:
	tests/setup-host image/debian/host-packages
	/usr/bin/python3 -m image.build $@ $(IMAGE_FLAGS)
