"""Which rows differ, to the last bit: -0.0 is not 0.0, and a NaN equals itself."""
import torch

ROOM = 2**23     # bytes
INTEGERS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}   # bytes → integer type


def room_for(table):
    """Memory to compare a table in, so that none has to be found in every step: 8 MB, less for a small table.

    table : (levels, dim)
    returns : (rows, dim), of the same dtype
    """
    row = table.shape[1] * table.element_size()
    return torch.empty_like(table[:max(1, ROOM // row)], memory_format=torch.contiguous_format)


def rows_that_differ(a, b, room=None):
    """Which rows differ in any bit.

    a, b : (levels, dim), same shape and dtype; or b is 0, and any bit that is set makes a difference
    room : from `room_for`
    returns : int64, the numbers of the rows, rising
    """
    room = room_for(a) if room is None else room
    wide = fits_words(a) and (isinstance(b, int) or fits_words(b))
    flags = []
    for start in range(0, len(a), len(room)):
        x = as_integers(a[start:start + len(room)], wide)                 # (rows, words)
        y = b if isinstance(b, int) else as_integers(b[start:start + len(room)], wide)
        differs = room.view(-1).view(torch.bool)[:x.numel()].view(x.shape)
        flags.append(any_in_row(torch.ne(x, y, out=differs)))
    return torch.cat(flags).nonzero().flatten()


def lengths_of_change(a, b, room):
    """Euclidean length of each row of a - b.

    a, b : (levels, dim)
    room : from `room_for`
    returns : (levels,)
    """
    lengths = []
    for start in range(0, len(a), len(room)):
        x, y = a[start:start + len(room)], b[start:start + len(room)]
        lengths.append(torch.linalg.vector_norm(torch.sub(x, y, out=room[:len(x)]), dim=1))
    return torch.cat(lengths)


def not_zero(tensor, rows):
    """Whether each of some rows holds anything but zeros; -0.0 counts as zero here, NaN does not.

    tensor : (levels, dim), dense or sparse (as a gradient of `nn.Embedding(..., sparse=True)` is)
    rows : int64 (n,)
    returns : bool (n,)
    """
    if not tensor.is_sparse:
        return (tensor[rows] != 0).any(dim=1)
    tensor = tensor.coalesce()
    places, found = find(rows, tensor.indices()[0])
    return found & (tensor.values() != 0).any(dim=1)[places] if len(tensor.values()) else found


def find(rows, among):
    """Where each of some rows stands in a sorted list of rows.

    rows : int64 (n,)
    among : int64 (k,), rising
    returns : int64 (n,) places, meaningful where bool (n,) found
    """
    if len(among) == 0:
        return torch.zeros_like(rows), torch.zeros_like(rows, dtype=torch.bool)
    places = torch.searchsorted(among, rows).clamp(max=len(among) - 1)
    return places, among[places] == rows


def fits_words(tensor):
    """Whether the rows can be read in words of 8 bytes."""
    size = tensor.element_size()
    return tensor.is_contiguous() and tensor.shape[1] * size % 8 == 0 and tensor.storage_offset() * size % 8 == 0


def as_integers(tensor, wide):
    """The same bits, read as integers; in words of 8 bytes if `wide`, which halves the work for float32.

    tensor : (levels, dim)
    returns : integer (levels, words), a view
    """
    return tensor.view(INTEGERS[8 if wide else tensor.element_size()])


def any_in_row(flags):
    """Whether any flag of a row is set: `flags.any(dim=1)`, some times faster where 8, 4 or 2 flags make a word.

    flags : bool (levels, dim)
    returns : bool (levels,)
    """
    width = next(width for width in (8, 4, 2, 1) if flags.shape[1] % width == 0)
    words = flags.view(INTEGERS[width])          # (levels, dim / width)
    return words[:, 0] != 0 if words.shape[1] == 1 else words.any(dim=1)
