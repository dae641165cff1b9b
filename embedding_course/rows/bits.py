"""Which rows differ, to the last bit: -0.0 is not 0.0, and a NaN equals itself."""
import torch

INTEGERS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}   # bytes → integer type


def rows_that_differ(a, b):
    """Which rows differ in any bit.

    a, b : (levels, dim), same shape and dtype
    returns : int64, the numbers of the rows, rising
    """
    return any_in_row(as_integers(a) != as_integers(b)).nonzero().flatten()


def not_zero(tensor, rows):
    """Whether each of some rows holds anything but zeros; -0.0 counts as zero here, NaN does not.

    tensor : (levels, dim), dense or sparse (as a gradient of `nn.Embedding(..., sparse=True)` is)
    rows : int64 (n,)
    returns : bool (n,)
    """
    if not tensor.is_sparse:
        return (tensor[rows] != 0).any(dim=1)
    tensor = tensor.coalesce()
    found = torch.zeros(tensor.shape[0], dtype=torch.bool, device=tensor.device)   # (levels,)
    found[tensor.indices()[0]] = (tensor.values() != 0).any(dim=1)
    return found[rows]


def as_integers(tensor):
    """The same bits, read as integers; in words of 8 bytes where they fit, which halves the work for float32.

    tensor : (levels, dim)
    returns : integer (levels, words), a view
    """
    size = tensor.element_size()
    wide = tensor.is_contiguous() and tensor.shape[1] * size % 8 == 0 and tensor.storage_offset() * size % 8 == 0
    return tensor.view(INTEGERS[8 if wide else size])


def any_in_row(flags):
    """Whether any flag of a row is set: `flags.any(dim=1)`, some times faster where 8, 4 or 2 flags make a word.

    flags : bool (levels, dim)
    returns : bool (levels,)
    """
    width = next(width for width in (8, 4, 2, 1) if flags.shape[1] % width == 0)
    words = flags.view(INTEGERS[width])          # (levels, dim / width)
    return words[:, 0] != 0 if words.shape[1] == 1 else words.any(dim=1)
