"""A throwaway certificate authority, and a certificate of it for localhost."""

import pathlib
import subprocess

from place import Place

DAYS = "30"
EXTENSIONS = """
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
[req]
distinguished_name = name
[name]
"""


def openssl(folder: pathlib.Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make(place: Place) -> pathlib.Path:
    """tls/{ca,server,key}.pem; the CA's own key does not outlive this call. Returns the CA's certificate."""
    folder = place.folder("tls")
    if (folder / "ca.pem").exists():
        return folder / "ca.pem"
    (folder / "openssl.cnf").write_text(EXTENSIONS)
    new_key = ("req", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(folder, *new_key, "-x509", "-days", DAYS, "-subj", "/CN=COI mailhost test CA", "-extensions", "ca",
            "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, *new_key, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "server.csr")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", DAYS,
            "-extfile", "openssl.cnf", "-extensions", "server", "-out", "server.pem")
    for name in ("ca.key", "server.csr", "openssl.cnf"):
        (folder / name).unlink()
    (folder / "key.pem").chmod(0o600)
    for file in folder.iterdir():
        place.own(file)
    return folder / "ca.pem"
