# The image; IMAGE_FLAGS=--fast compresses quickly, for development.  Packages come from the mirrors that apt uses on
# this machine, or from MIRROR='URL-OF-DEBIAN URL-OF-DEBIAN-SECURITY'.  SIGN_KEY=FILE signs the image with a private
# Ed25519 key in OpenSSH's form; SIGNERS=FOLDER has further public keys that the node trusts, NAME.pub.
.PHONY: iso pxe
IMAGE_FLAGS ?=
SIGN = $(if $(SIGN_KEY),--sign-key '$(SIGN_KEY)') $(if $(SIGNERS),--signers '$(SIGNERS)')
export MIRROR

iso pxe:
	tests/setup-host image/debian/host-packages
	/usr/bin/python3 -m image.build $@ $(IMAGE_FLAGS) $(SIGN)
