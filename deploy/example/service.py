"""The example legacy service: stores whatever is uploaded, and asks no questions.

It stands for the service that the sidecar protects: it trusts every name, type and size that it is told. The only care
it takes is to keep stored files inside its directory and apart from each other.
"""

import argparse
import hashlib
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Final

import uvicorn
from fastapi import Depends, FastAPI, Request
from starlette.datastructures import FormData, UploadFile

CHUNK: Final = 1024 * 1024
LONGEST_NAME: Final = 100


def stored_name(filename: str) -> str:
    """The base name with unusual characters replaced, after a random prefix that makes it unique."""
    base = re.split(r"[/\\]", filename)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", base).lstrip(".")[-LONGEST_NAME:]
    return f"{secrets.token_hex(8)}-{plain or 'unnamed'}"


async def store(upload: UploadFile, directory: Path) -> dict[str, Any]:
    """Write one file; what is told of it."""
    name, digest, size = stored_name(upload.filename or ""), hashlib.sha256(), 0
    with (directory / name).open("xb") as target:
        while chunk := await upload.read(CHUNK):
            target.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {
        "filename": upload.filename,
        "stored_as": name,
        "content_type": upload.content_type,
        "size": size,
        "sha256": digest.hexdigest(),
    }


async def form_of(request: Request) -> FormData:
    """Every field and file, whatever their names and however many."""
    return await request.form(max_files=10_000, max_fields=10_000, max_part_size=64 * CHUNK)


def create_app(directory: Path) -> FastAPI:
    """The service; its files go to the directory."""
    app = FastAPI(title="Example legacy service")

    @app.get("/health")
    async def health() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/upload")
    async def upload(form: Annotated[FormData, Depends(form_of)]) -> dict[str, Any]:
        fields = [{"name": name, "value": value} for name, value in form.multi_items() if isinstance(value, str)]
        files = [
            {"field": name, **await store(value, directory)}
            for name, value in form.multi_items()
            if isinstance(value, UploadFile)
        ]
        return {"fields": fields, "files": files}

    @app.get("/upload")
    def listing() -> dict[str, Any]:
        paths = sorted(path for path in directory.iterdir() if path.is_file())
        return {"files": [{"stored_as": path.name, "size": path.stat().st_size} for path in paths]}

    return app


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="The example legacy service: POST /upload, GET /upload, GET /health.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for any (default: %(default)s)")
    parser.add_argument("--directory", type=Path, default=Path("uploads"), help="for the files (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    uvicorn.run(create_app(arguments.directory), host=arguments.host, port=arguments.port, access_log=False)


if __name__ == "__main__":
    main()
