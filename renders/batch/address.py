"""Whether a Dask scheduler answers at an address, found out before a client is made that would wait."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

from renders.errors import ClusterError

_SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
_LIKE = "give the one that 'dask scheduler' prints, as in tcp://10.0.0.1:8786"


def checked(address: str) -> str:
    """The address with its scheme; raises `ClusterError` when it is none."""
    scheme, mark, rest = address.strip().partition("://")
    scheme, rest = (scheme, rest) if mark else ("tcp", address.strip())
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number, or a bracket that is not closed
        host = port = None
    if scheme not in _SCHEMES:
        raise ClusterError(f"--cluster {address}: {scheme}:// is no address of Dask's; {_LIKE}")
    if not host or not port or rest != parts.netloc or set(host) & set(" @,"):
        raise ClusterError(f"--cluster {address}: is no address of a host and a port; {_LIKE}")
    return f"{scheme}://{rest}"


def reach(address: str, patience: float) -> None:
    """Opens a connection of Dask's to a checked address and closes it; raises `ClusterError` if that fails.

    `patience`: seconds. Where nobody listens, the answer is there at once.
    """
    parts = urlsplit(address)
    assert parts.hostname is not None
    try:
        socket.create_connection((parts.hostname, parts.port or 0), patience).close()
    except OSError as error:
        raise ClusterError(
            f"--cluster {address}: no Dask scheduler answers ({error.strerror or error}); "
            "start one with 'dask scheduler' and give the address that it prints"
        ) from None
    try:
        asyncio.run(_shake(address, patience))
    except Exception as error:  # what another kind of server answers may be anything
        raise ClusterError(
            f"--cluster {address}: something answers there, and it is no Dask scheduler "
            f"({type(error).__name__}); {_LIKE}"
        ) from None


async def _shake(address: str, patience: float) -> None:
    from distributed.comm.core import connect
    from distributed.security import Security

    secured = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    connecting = connect(address, timeout=patience, **secured)  # type: ignore[no-untyped-call]
    comm = await asyncio.wait_for(connecting, patience)
    await comm.close()
