"""Commits signed with an SSH key, as git itself does with `gpg.format=ssh`: by OpenSSH's `ssh-keygen`.

The operator names a key without a passphrase that only Sluice may read. The signature says that Sluice wrote the
commit; who is behind what it says, its author and trailers do.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = "git"
PRINCIPAL = "sluice"
_SECONDS = 10
_BEGIN = b"-----BEGIN SSH SIGNATURE-----"


class CannotSign(Exception):
    """`ssh-keygen` is not there, or does not take the key; ``str(error)`` says why, without the key."""


@dataclass(frozen=True)
class SigningKey:
    """A private key by its path; its public half lies beside it, as `<path>.pub`."""

    path: Path

    def sign(self, payload: bytes) -> bytes:
        """The armoured signature of a commit's bytes."""
        done = _run(["-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(self.path)], payload)
        if done.returncode != 0 or not done.stdout.startswith(_BEGIN):
            raise CannotSign(f"ssh-keygen does not sign with the key: {_words(done.stderr)}")
        return done.stdout.rstrip(b"\n")

    def made(self, payload: bytes, signature: bytes) -> bool:
        """Whether `signature` is of these bytes and by this key."""
        public = self.path.with_name(self.path.name + ".pub")
        with tempfile.TemporaryDirectory() as folder:
            signers, place = Path(folder) / "signers", Path(folder) / "signature"
            signers.write_text(f'{PRINCIPAL} namespaces="{NAMESPACE}" {public.read_text()}')
            place.write_bytes(signature + b"\n")
            words = ["-q", "-Y", "verify", "-n", NAMESPACE, "-I", PRINCIPAL, "-f", str(signers), "-s", str(place)]
            return _run(words, payload).returncode == 0


def _run(words: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *words], input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603, S607 - fixed words; the operator's PATH
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotSign(f"ssh-keygen does not answer: {type(error).__name__}") from None


def _words(raw: bytes) -> str:
    return " ".join(raw.decode(errors="replace").split())[:300]
