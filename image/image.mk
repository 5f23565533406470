# The image; IMAGE_FLAGS=--fast compresses quickly, for development.  Packages come from the mirrors that apt uses on
# this machine, or from MIRROR='URL-OF-DEBIAN URL-OF-DEBIAN-SECURITY'.  SIGN_KEY=FILE signs the image with a private
# Ed25519 key in OpenSSH's form; SIGNERS=FOLDER has further public keys that the node trusts, NAME.pub.
# SECURE_BOOT=FOLDER has the keys of a site (boot.key, boot.crt, boot.pgp): with Secure Boot only what they signed starts.
.PHONY: iso pxe
IMAGE_FLAGS ?=
SIGN = $(if $(SIGN_KEY),--sign-key '$(SIGN_KEY)') $(if $(SIGNERS),--signers '$(SIGNERS)') $(if $(SECURE_BOOT),--secure-boot '$(SECURE_BOOT)')
export MIRROR

iso pxe:
	tests/setup-host image/debian/host-packages
	/usr/bin/python3 -m image.build $@ $(IMAGE_FLAGS) $(SIGN)
