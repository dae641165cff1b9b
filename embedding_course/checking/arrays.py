"""Encoded tensors as NumPy arrays and back, where answers are judged: no torch."""
import binascii
import math

PLAIN = {"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"}


def array(data):
    """An encoded tensor, or one packed, as an array.

    raises : ValueError for other data, or numbers that don't fill the shape
    """
    import numpy as np  # here: most exercises are judged without
    if not isinstance(data, dict) or data.get("$") not in ("tensor", "array", "packed"):
        raise ValueError("not a tensor")
    dtype, shape = data["dtype"], data["shape"]
    if data["$"] == "packed":
        if dtype not in PLAIN:
            raise ValueError(f"not numbers: {str(dtype)[:20]}")
        numbers = np.frombuffer(binascii.a2b_base64(data["bytes"]), dtype=dtype)
    else:
        numbers = np.array([float(x) if isinstance(x, str) else x for x in data["data"]],
                           dtype=dtype if dtype in PLAIN else "float64")
    if math.prod(shape) != numbers.size:
        raise ValueError("numbers that don't fill the shape")
    return numbers.reshape(shape)


def packed(numbers) -> dict:
    """An array as `wire` packs a tensor."""
    import numpy as np
    numbers = np.ascontiguousarray(numbers)
    return {"$": "packed", "dtype": str(numbers.dtype), "shape": list(numbers.shape),
            "bytes": binascii.b2a_base64(numbers.tobytes(), newline=False).decode()}


def tensor(numbers) -> dict:
    """An array as `wire` encodes a tensor."""
    flat = numbers.reshape(-1).tolist()
    return {"$": "tensor", "dtype": str(numbers.dtype), "shape": list(numbers.shape),
            "data": [x if not isinstance(x, float) or math.isfinite(x) else str(x) for x in flat]}


def near(a, b) -> bool:
    """Whether two arrays are the same but for the last bits."""
    import numpy as np
    return a.shape == b.shape and bool(np.allclose(a.astype("float64"), b.astype("float64"), rtol=1e-5, atol=1e-7))
