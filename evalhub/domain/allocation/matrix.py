"""Suitability as a matrix file: one float32 array of a .npz archive beside the instance."""

import hashlib
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.faults import InvalidInstance

MATRIX, ARRAY = "suitability.matrix", "suitability.array"


def read_matrix(folder: Path, name: str, array: str) -> tuple[NDArray[np.int32], str]:
    """Table in millionths (rounded half up from the exact float32 value) and the SHA-256 of its little-endian C bytes.

    Args:
        folder: folder of the instance; `name` is relative to it and stays below it.
        name: path of the .npz file.
        array: name of the array in it: float32, tasks x evaluators in the order of the instance's lists.

    Raises:
        InvalidInstance: no such file or array, not float32, not two-dimensional, a number outside 0 to 1.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or "\0" in name:
        raise InvalidInstance(MATRIX, "outside_folder", file=name)
    try:
        with (folder / relative).open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise InvalidInstance(MATRIX, "not_an_archive", file=name)
            if array not in archive.files:
                raise InvalidInstance(ARRAY, "no_such_array", array=array)
            values = archive[array]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        code = "no_such_file" if isinstance(error, FileNotFoundError) else "unreadable_file"
        raise InvalidInstance(MATRIX, code, file=name) from None
    if values.dtype.kind != "f" or values.dtype.itemsize != 4:
        raise InvalidInstance(ARRAY, "not_float32", found=str(values.dtype))
    if values.ndim != 2:
        raise InvalidInstance(ARRAY, "not_two_dimensional", dimensions=values.ndim)
    return to_micro(values), hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").tobytes()).hexdigest()


def to_micro(values: NDArray[np.float32]) -> NDArray[np.int32]:
    """Float32 points, m x n, as int32 millionths; the product with 10^6 is exact in float64."""
    if not np.isfinite(values).all():
        raise InvalidInstance(ARRAY, "not_finite")
    if values.size and (values.min() < 0 or values.max() > 1):
        raise InvalidInstance(ARRAY, "out_of_range", least=0, most=1)
    return np.floor(values.astype(np.float64) * 1e6 + 0.5).astype(np.int32)
