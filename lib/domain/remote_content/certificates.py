"""Rules for the certificate of a configuration: texts in PEM that belong together."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from lib.domain.remote_content.configuration import ClientCertificate
from lib.domain.remote_content.errors import FieldFault

_PUBLIC: Final = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
_NO_CERTIFICATE: Final = "must be a certificate in PEM (-----BEGIN CERTIFICATE-----)"
_NO_CERTIFICATES: Final = "must be one or more certificates in PEM (-----BEGIN CERTIFICATE-----)"
_NO_KEY: Final = "must be a private key in PEM, without a password"


def faults_of(certificate: ClientCertificate, client_key: str, place: str) -> list[FieldFault]:
    """Return the rules that a certificate breaks. `place`: the JSON pointer of the certificate.

    `client_key`: the private key, since the certificate may have the mask in its place.
    """
    faults = list[FieldFault]()
    shown = _public_key_of_certificate(certificate.client_cert)
    if shown is None:
        faults.append(FieldFault(f"{place}/client_cert", _NO_CERTIFICATE))
    own = _public_key_of_key(client_key)
    if own is None:
        faults.append(FieldFault(f"{place}/client_key", _NO_KEY))
    elif shown is not None and own.public_bytes(*_PUBLIC) != shown.public_bytes(*_PUBLIC):
        faults.append(FieldFault(f"{place}/client_key", "must be the key of client_cert"))
    if not _are_certificates(certificate.server_ca):
        faults.append(FieldFault(f"{place}/server_ca", _NO_CERTIFICATES))
    return faults


def _public_key_of_certificate(pem: str) -> PublicKeyTypes | None:
    try:
        return x509.load_pem_x509_certificate(pem.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def _public_key_of_key(pem: str) -> PublicKeyTypes | None:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        return key.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _are_certificates(pem: str) -> bool:
    try:
        return bool(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError:
        return False
