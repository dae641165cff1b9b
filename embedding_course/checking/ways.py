"""Ways that an exercise may forbid ("without F.one_hot"): their operators' names, and what a learner reads. No torch."""
MATRIX_OPERATORS = {
    "mm", "bmm", "matmul", "mv", "dot", "vdot", "addmm", "addbmm", "baddbmm", "addmv", "linear", "einsum", "inner",
    "tensordot", "_sparse_mm", "sspaddmm", "hspmm", "convolution", "_convolution", "bilinear",
    "_trilinear", "chain_matmul", "multi_dot", "vecdot", "_int_mm", "__matmul__", "__rmatmul__", "__imatmul__",
    "conv1d", "conv2d", "conv3d", "kron", "smm", "saddmm", "sparse_sampled_addmm", "_sparse_addmm", "matrix_exp",
    "matrix_power", "inverse", "inv", "solve", "lstsq", "pinv", "cholesky_solve", "lu_solve",
    "triangular_solve", "cdist", "_cdist_forward", "_euclidean_dist",
    "weighted embedding_bag", "matvec", "vecmat", "correlate", "convolve",
    "_scaled_dot_product_attention_math", "scaled_dot_product_attention",
}

WAYS = {   # name: (operators, the sentence for a learner)
    "matrix product": (MATRIX_OPERATORS, "A ready-made matrix product ran ({seen}). Here you write it yourself, "
                       "from products of numbers and their sums."),
    "one_hot": ({"one_hot"}, "`F.one_hot` ran. Here you build its rows yourself."),
    "multiplication": (MATRIX_OPERATORS | {"mul", "addcmul", "multiply"}, "A multiplication ran ({seen}). "
                       "The row is there already: is there a way to take it as it is?"),
    "embedding": ({"embedding", "embedding_bag", "_embedding_bag", "nn.Embedding"}, "`nn.Embedding` or `F.embedding` "
                  "ran ({seen}). Here you build what they do."),
    "autograd": ({"autograd"}, "Autograd computed the gradient. Here you write it down yourself."),
}
WATCHED = ("new nn.Embedding", "threads", "threads of `_thread`", "autograd's way back", "functions of torch",
           "operators within functions of torch")   # what is watched; one that can't be is told to whoever grades


def adds_up(arguments) -> bool:
    """Whether an einsum with these arguments adds products up; one that keeps every index multiplies elementwise."""
    equation = next((a for a in arguments if isinstance(a, str)), "")
    inputs, arrow, kept = equation.replace(" ", "").partition("->")
    return not arrow or not set(inputs) <= {",", *kept}


def is_linalg(name: str) -> bool:
    """Whether an operator belongs to torch.linalg, whose functions multiply matrices inside; a norm does not."""
    return name.lstrip("_").startswith("linalg_") and "norm" not in name


def sentence(way: str, seen: list[str]) -> str:
    """The sentence for a learner who took a forbidden way."""
    return WAYS[way][1].format(seen=", ".join(f"`{name}`" for name in seen[:3]))
