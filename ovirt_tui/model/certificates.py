"""Certificates of authorities, as PEM files have them: base64 between two lines, or the base64 alone."""

from __future__ import annotations

import binascii
import re

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.typed import Self
from ovirt_tui.model.values import Unfit

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
LINE = 64
"""Characters of a line in a PEM file (RFC 7468)."""
PRIVATE = N_("this is a private key, which must stay where it is: give the certificate")
NOT_BASE64 = N_("this is no certificate: give what stands in its PEM file")
SEVERAL = N_("these are several certificates: give the one of the authority")
NOT_X509 = N_("this is no certificate, or not a whole one")
NO_AUTHORITY = N_("this is the certificate of a server: give that of the authority which signed it")


class Certificate(str):
    """The base64 of one X.509 certificate, without blanks; checked to be whole."""

    wanted = N_("a certificate as in a PEM file")
    longest = 8192  # characters
    has_blanks = True

    def __new__(cls, text: str) -> Self:
        if "PRIVATE KEY" in text:
            raise Unfit(_(PRIVATE))
        if text.count(BEGIN) > 1:
            raise Unfit(_(SEVERAL))
        encoded = re.sub(r"\s", "", text.replace(BEGIN, "").replace(END, ""))
        try:
            der = binascii.a2b_base64(encoded, strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise Unfit(_(NOT_BASE64)) from error
        if why := _no_authority(der):
            raise Unfit(_(why))
        return super().__new__(cls, encoded)

    @property
    def pem(self) -> str:
        """The text of its PEM file."""
        lines = [self[start : start + LINE] for start in range(0, len(self), LINE)]
        return "\n".join((BEGIN, *lines, END)) + "\n"


def _no_authority(der: bytes) -> str:
    """Say why OpenSSL does not take *der* for the certificate of one authority; nothing when it does."""
    import ssl  # here, since it is slow to load, and most lines and files have no certificate

    store = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        store.load_verify_locations(cadata=der)
    except (ssl.SSLError, ValueError):
        return NOT_X509
    if not store.cert_store_stats()["x509_ca"]:
        return NO_AUTHORITY
    return "" if store.get_ca_certs(binary_form=True) == [der] else NOT_X509
