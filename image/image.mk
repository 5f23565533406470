# The image; IMAGE_FLAGS=--fast compresses quickly, for development.  Packages come from the mirrors that apt uses on
# this machine, or from MIRROR='URL-OF-DEBIAN URL-OF-DEBIAN-SECURITY'.
.PHONY: iso pxe
IMAGE_FLAGS ?=
export MIRROR

iso pxe:
	tests/setup-host image/debian/host-packages
	/usr/bin/python3 -m image.build $@ $(IMAGE_FLAGS)
