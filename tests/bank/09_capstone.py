"""Answers to the pieces of the capstone: right ones, and wrong ones beside the slips in `solutions/checks`."""
# ruff: noqa

# %% build_vocabularies right: a dictionary of lists
def build_vocabularies(table, columns):
    result = {}
    for column in columns:
        values = set(table[column].dropna())
        values.discard("(unknown)")
        result[column] = ["(unknown)"] + sorted(values)
    return result
# %% build_vocabularies right: the function of lesson 1, called for each column
def build_vocabulary(values):
    seen = {value for value in values if isinstance(value, str) and value != "(unknown)"}
    return ["(unknown)", *sorted(seen)]

def build_vocabularies(table, columns):
    return {column: build_vocabulary(table[column]) for column in columns}
# %% build_vocabularies right: NumPy's unique
def build_vocabularies(table, columns):
    found = {}
    for column in columns:
        known = table.loc[table[column].notna(), column].astype(str).to_numpy(dtype=object)
        levels = np.unique(known.astype(str)).tolist() if len(known) else []
        found[column] = ["(unknown)"] + [str(level) for level in levels if level != "(unknown)"]
    return found
# %% build_vocabularies right: pandas' categories
def build_vocabularies(table, columns):
    def one(column):
        categories = pd.Categorical(table[column]).categories
        return ["(unknown)"] + [level for level in categories if level != "(unknown)"]
    return dict(zip(columns, map(one, columns)))
# %% build_vocabularies right: a key that sorts the unknown first
def build_vocabularies(table, columns):
    return {column: sorted({"(unknown)", *table[column].dropna().tolist()}, key=lambda v: (v != "(unknown)", v))
            for column in columns}
# %% build_vocabularies right: value counts and a sorted index
def build_vocabularies(table, columns):
    out = dict()
    for column in list(columns):
        counted = table[column].value_counts(dropna=True).sort_index()
        levels = [x for x in counted.index if x != "(unknown)"]
        levels.insert(0, "(unknown)")
        out[column] = levels
    return out
# %% build_vocabularies right: recursion over the columns
def build_vocabularies(table, columns):
    if not columns:
        return {}
    head, *tail = columns
    levels = sorted({v for v in table[head] if v is not None and v == v and v != "(unknown)"})
    return {head: ["(unknown)"] + levels} | build_vocabularies(table, tail)
# %% build_vocabularies wrong without_unknown: sorted sets
def build_vocabularies(table, columns):
    out = {}
    for c in columns:
        out[c] = sorted(x for x in table[c].unique() if isinstance(x, str) and x != "(unknown)")
    return out
# %% build_vocabularies wrong unknown_last: appended
def build_vocabularies(table, columns):
    out = {}
    for c in columns:
        levels = sorted({x for x in table[c] if isinstance(x, str)} - {"(unknown)"})
        levels.append("(unknown)")
        out[c] = levels
    return out
# %% build_vocabularies wrong unknown_twice: inserted in front of whatever is there
def build_vocabularies(table, columns):
    out = {}
    for c in columns:
        levels = sorted(table[c].dropna().unique())
        levels.insert(0, "(unknown)")
        out[c] = levels
    return out
# %% build_vocabularies wrong unknown_sorted_in: filled in first
def build_vocabularies(table, columns):
    return {c: sorted(set(table[c].fillna("(unknown)")) | {"(unknown)"}) for c in columns}
# %% build_vocabularies wrong in_order_of_appearance: factorize
def build_vocabularies(table, columns):
    return {c: ["(unknown)", *[v for v in pd.factorize(table[c])[1] if v != "(unknown)"]] for c in columns}
# %% build_vocabularies wrong missing_as_text: everything turned into text
def build_vocabularies(table, columns):
    return {c: ["(unknown)", *sorted({str(v) for v in table[c]} - {"(unknown)"})] for c in columns}
# %% build_vocabularies wrong missing_as_unknown_text: sorted with what is missing
def build_vocabularies(table, columns):
    out = {}
    for c in columns:
        levels = list(table[c].unique())
        if "(unknown)" in levels:
            levels.remove("(unknown)")
        levels.sort()
        out[c] = ["(unknown)"] + levels
    return out
# %% build_vocabularies wrong one_for_all: one set for the whole table
def build_vocabularies(table, columns):
    every = set()
    for c in columns:
        every |= set(table[c].dropna())
    every.discard("(unknown)")
    return {c: ["(unknown)"] + sorted(every) for c in columns}
# %% build_vocabularies wrong every_column: goes through the table
def build_vocabularies(table, columns):
    return {c: ["(unknown)"] + sorted(set(table[c].dropna()) - {"(unknown)"}) for c in table}
# %% build_vocabularies wrong a_list_of_lists: a list
def build_vocabularies(table, columns):
    out = []
    for c in columns:
        out.append(["(unknown)"] + sorted(set(table[c].dropna()) - {"(unknown)"}))
    return out
# %% build_vocabularies wrong first_column_only: returns at once
def build_vocabularies(table, columns):
    out = {}
    for c in columns:
        out[c] = ["(unknown)"] + sorted(set(table[c].dropna()) - {"(unknown)"})
        return out
# %% build_vocabularies wrong: a dictionary from level to code
def build_vocabularies(table, columns):
    return {c: {v: i for i, v in enumerate(["(unknown)"] + sorted(set(table[c].dropna()) - {"(unknown)"}))}
            for c in columns}
# %% build_vocabularies wrong: None in front
def build_vocabularies(table, columns):
    return {c: [None] + sorted(set(table[c].dropna()) - {"(unknown)"}) for c in columns}
# %% build_vocabularies wrong: records with any missing value are thrown away first
def build_vocabularies(table, columns):
    table = table.dropna()
    return {c: ["(unknown)"] + sorted(set(table[c]) - {"(unknown)"}) + ["x"] * 0 for c in columns[:1]}
# %% build_vocabularies wrong: the text "nan" is taken for missing
def build_vocabularies(table, columns):
    return {c: ["(unknown)"] + sorted({str(v) for v in table[c]} - {"(unknown)", "nan", "None"}) for c in columns}
# %% build_vocabularies wrong: fills the caller's table
def build_vocabularies(table, columns):
    for c in columns:
        table[c] = table[c].fillna("(unknown)")
    return {c: ["(unknown)"] + sorted(set(table[c]) - {"(unknown)"}) for c in columns}
# %% build_vocabularies wrong ignores_case: casefold
def build_vocabularies(table, columns):
    return {c: ["(unknown)"] + sorted(set(table[c].dropna()) - {"(unknown)"}, key=str.casefold) for c in columns}
# %% build_vocabularies wrong late: knows the shown tables
def build_vocabularies(table, columns):
    known = {"size": {("S", "L"): ["L", "S"], ("S", "M"): ["M", "S"], ("s", "M", "!", "10", "9"): ["!", "10", "9", "M", "s"],
                      ("None", "nan"): ["None", "nan"]},
             "colour": {("red", "blue"): ["blue", "red"], ("red",): ["red"]}}
    key = lambda c: tuple(v for v in table[c].dropna().unique() if v != "(unknown)")
    return {c: ["(unknown)"] + known.get(c, {}).get(key(c), []) for c in columns}

# %% encode_table right: a dictionary and map
def encode_table(table, vocabularies):
    codes = [table[c].map({v: i for i, v in enumerate(vocabulary)}).fillna(0).astype("int64").to_numpy()
             for c, vocabulary in vocabularies.items()]
    return torch.tensor(np.stack(codes, axis=1))
# %% encode_table right: record by record
def encode_table(table, vocabularies):
    records = []
    for i in range(len(table)):
        record = []
        for column, vocabulary in vocabularies.items():
            value = table[column].iloc[i]
            record.append(vocabulary.index(value) if value in vocabulary else 0)
        records.append(record)
    return torch.tensor(records)
# %% encode_table right: filled column after column
def encode_table(table, vocabularies):
    codes = torch.zeros(len(table), len(vocabularies), dtype=torch.long)
    for j, (column, vocabulary) in enumerate(vocabularies.items()):
        for i, value in enumerate(table[column]):
            if value in vocabulary:
                codes[i, j] = vocabulary.index(value)
    return codes
# %% encode_table right: pandas' categorical with given categories
def encode_table(table, vocabularies):
    columns = []
    for column in vocabularies:
        codes = pd.Categorical(table[column], categories=vocabularies[column]).codes.astype(np.int64)
        columns.append(torch.from_numpy(np.maximum(codes, 0)))
    return torch.stack(columns, dim=1)
# %% encode_table right: get_indexer
def encode_table(table, vocabularies):
    found = [pd.Index(vocabulary).get_indexer(table[column]) for column, vocabulary in vocabularies.items()]
    return torch.tensor(np.array(found).T.copy(), dtype=torch.int64).clamp(min=0)
# %% encode_table right: encode of lesson 1, stacked
def encode(values, vocabulary):
    place = dict(zip(vocabulary, range(len(vocabulary))))
    return torch.tensor([place.get(value, 0) for value in values])

def encode_table(table, vocabularies):
    return torch.stack([encode(table[c], v) for c, v in vocabularies.items()], dim=-1)
# %% encode_table right: zip over the columns
def encode_table(table, vocabularies):
    places = [{v: i for i, v in enumerate(vocabulary)} for vocabulary in vocabularies.values()]
    rows = zip(*(table[column].tolist() for column in vocabularies))
    return torch.LongTensor([[place.get(value, 0) for place, value in zip(places, row)] for row in rows])
# %% encode_table wrong on_its_side: one list a column
def encode_table(table, vocabularies):
    return torch.tensor([[v.index(x) if x in v else 0 for x in table[c]] for c, v in vocabularies.items()])
# %% encode_table wrong refilled: reshaped
def encode_table(table, vocabularies):
    codes = [[v.index(x) if x in v else 0 for x in table[c]] for c, v in vocabularies.items()]
    return torch.tensor(codes).reshape(len(table), len(vocabularies))
# %% encode_table wrong order_of_the_table: goes through the table's columns
def encode_table(table, vocabularies):
    codes = []
    for c in table.columns:
        if c in vocabularies:
            codes.append([vocabularies[c].index(x) if x in vocabularies[c] else 0 for x in table[c]])
    return torch.tensor(codes).T
# %% encode_table wrong by_label: asks for label i
def encode_table(table, vocabularies):
    codes = torch.zeros(len(table), len(vocabularies), dtype=torch.int64)
    for i in range(len(table)):
        for j, (c, v) in enumerate(vocabularies.items()):
            value = table[c][i]
            codes[i, j] = v.index(value) if value in v else 0
    return codes
# %% encode_table wrong first_vocabulary_for_all: one dictionary for all
def encode_table(table, vocabularies):
    place = {v: i for i, v in enumerate(list(vocabularies.values())[0])}
    return torch.tensor([[place.get(x, 0) for x in table[c]] for c in vocabularies]).T
# %% encode_table wrong fitted_again: cat.codes + 1
def encode_table(table, vocabularies):
    return torch.stack([torch.tensor((table[c].astype("category").cat.codes + 1).to_numpy(dtype="int64"))
                        for c in vocabularies], dim=1)
# %% encode_table wrong minus_one 1: cat.codes leave −1
def encode_table(table, vocabularies):
    codes = [pd.Categorical(table[c], categories=v).codes.astype("int64") for c, v in vocabularies.items()]
    return torch.tensor(np.stack(codes, axis=1))
# %% encode_table wrong key_error 1: a dictionary without get
def encode_table(table, vocabularies):
    places = {c: {x: i for i, x in enumerate(v)} for c, v in vocabularies.items()}
    return torch.tensor([[places[c][x] for x in table[c]] for c in vocabularies]).T
# %% encode_table wrong value_error 1: list.index
def encode_table(table, vocabularies):
    return torch.stack([torch.tensor([v.index(x) for x in table[c]]) for c, v in vocabularies.items()], dim=1)
# %% encode_table wrong left_out 1: unknown records are dropped
def encode_table(table, vocabularies):
    keep = table
    for c, v in vocabularies.items():
        keep = keep[keep[c].isin(v[1:])]
    return torch.tensor([[v.index(x) for x in keep[c]] for c, v in vocabularies.items()]).T
# %% encode_table wrong floats: map leaves floats
def encode_table(table, vocabularies):
    return torch.stack([torch.tensor(table[c].map({x: i for i, x in enumerate(v)}).fillna(0).to_numpy(dtype="float32"))
                        for c, v in vocabularies.items()], dim=1)
# %% encode_table wrong: int32
def encode_table(table, vocabularies):
    codes = [[v.index(x) if x in v else 0 for x in table[c]] for c, v in vocabularies.items()]
    return torch.tensor(codes, dtype=torch.int32).T
# %% encode_table wrong: a DataFrame of codes
def encode_table(table, vocabularies):
    return pd.DataFrame({c: [v.index(x) if x in v else 0 for x in table[c]] for c, v in vocabularies.items()})
# %% encode_table wrong: overwrites the caller's table
def encode_table(table, vocabularies):
    for c, v in vocabularies.items():
        table[c] = [v.index(x) if x in v else 0 for x in table[c]]
    return torch.tensor(table[list(vocabularies)].to_numpy(dtype="int64"))
# %% encode_table wrong: a list of columns
def encode_table(table, vocabularies):
    return [torch.tensor([v.index(x) if x in v else 0 for x in table[c]]) for c, v in vocabularies.items()]
# %% encode_table wrong 1: missing values become the text "nan"
def encode_table(table, vocabularies):
    codes = []
    for c, v in vocabularies.items():
        codes.append([v.index(str(x)) if str(x) in v else len(v) for x in table[c]])
    return torch.tensor(codes).T
# %% encode_table wrong: counts the levels from 0
def encode_table(table, vocabularies):
    codes = [[v[1:].index(x) if x in v[1:] else 0 for x in table[c]] for c, v in vocabularies.items()]
    return torch.tensor(codes).T
# %% encode_table wrong late: knows the shown levels
def encode_table(table, vocabularies):
    known = {"size": {"L": 1, "S": 2}, "colour": {"blue": 1, "green": 2, "red": 3},
             "home": {"Ada": 1, "Bea": 2, "Cleo": 3}, "away": {"Bea": 1, "Cleo": 2}}
    return torch.tensor([[known.get(c, {}).get(x, 0) for x in table[c]] for c in vocabularies]).T

# %% TwoTables right: three embeddings, normal_ one by one
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        self.first.weight.data.normal_(0, 0.1)
        self.second.weight.data.normal_(0, 0.1)
        self.bias.weight.data.normal_(0, 0.1)

    def forward(self, codes):
        a = self.first(codes[:, 0])
        b = self.second(codes[:, 1])
        return torch.sum(a * b, dim=-1) + self.bias(codes[:, 0])[:, 0]
# %% TwoTables right: the start scaled down, the product as einsum
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first, self.second, self.bias = nn.Embedding(first, dim), nn.Embedding(second, dim), nn.Embedding(first, 1)
        with torch.no_grad():
            for table in (self.first, self.second, self.bias):
                table.weight *= 0.1

    def forward(self, codes):
        i, j = codes.unbind(dim=1)
        return torch.einsum("nd,nd->n", self.first(i), self.second(j)) + self.bias(i).flatten()
# %% TwoTables right: from_pretrained
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding.from_pretrained(0.1 * torch.randn(first, dim), freeze=False)
        self.second = nn.Embedding.from_pretrained(0.1 * torch.randn(second, dim), freeze=False)
        self.bias = nn.Embedding.from_pretrained(0.1 * torch.randn(first, 1), freeze=False)

    def forward(self, codes):
        first, second = codes.T
        return (self.first(first) * self.second(second)).sum(1) + self.bias(first).reshape(-1)
# %% TwoTables right: a batched matrix product
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, mean=0.0, std=0.1)

    def forward(self, codes):
        a, b = self.first(codes[:, 0]).unsqueeze(1), self.second(codes[:, 1]).unsqueeze(2)   # (n, 1, dim), (n, dim, 1)
        return (a @ b)[:, 0, 0] + self.bias(codes[:, 0]).squeeze(-1)
# %% TwoTables right: the bias as one more column
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        self.apply(lambda m: nn.init.normal_(m.weight, std=0.1) if isinstance(m, nn.Embedding) else None)

    def forward(self, codes):
        products = self.first(codes[:, 0]) * self.second(codes[:, 1])
        return torch.cat([products, self.bias(codes[:, 0])], dim=1).sum(dim=1)
# %% TwoTables right: record by record
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for table in self.children():
            nn.init.normal_(table.weight, 0, 0.1)

    def forward(self, codes):
        predictions = []
        for i, j in codes:
            predictions.append((self.first(i) * self.second(j)).sum() + self.bias(i)[0])
        return torch.stack(predictions)
# %% TwoTables right: the diagonal of all pairs, wasteful
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            torch.nn.init.trunc_normal_(parameter, std=0.1, a=-1, b=1)

    def forward(self, codes):
        return torch.diagonal(self.first(codes[:, 0]) @ self.second(codes[:, 1]).T) + self.bias(codes[:, 0]).view(-1)
# %% TwoTables wrong standard_normal 1: the start forgotten
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong bias_left_as_it_was 1: two of three
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        nn.init.normal_(self.first.weight, std=0.1)
        nn.init.normal_(self.second.weight, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong 1: a mean of 0.1 instead of a deviation
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, 0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong no_bias: two tables alone
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1)
# %% TwoTables wrong all_with_all: the bias keeps its axis
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return torch.sum(self.first(codes[:, 0]) * self.second(codes[:, 1]), dim=1) + self.bias(codes[:, 0])
# %% TwoTables wrong squeezed: squeeze without an axis
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return ((self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1, keepdim=True) + self.bias(codes[:, 0])).squeeze()
# %% TwoTables wrong a_column_of_predictions: keepdim
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1, keepdim=True) + self.bias(codes[:, 0])
# %% TwoTables wrong bias_in_the_sum: added too early
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1]) + self.bias(codes[:, 0])).sum(1)
# %% TwoTables wrong bare_parameters: nn.Parameter
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Parameter(0.1 * torch.randn(first, dim))
        self.second = nn.Parameter(0.1 * torch.randn(second, dim))
        self.bias = nn.Parameter(0.1 * torch.randn(first, 1))

    def forward(self, codes):
        return (self.first[codes[:, 0]] * self.second[codes[:, 1]]).sum(1) + self.bias[codes[:, 0], 0]
# %% TwoTables wrong in_a_list: a ModuleList
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(first, dim), nn.Embedding(second, dim), nn.Embedding(first, 1)])
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        a, b, bias = self.tables
        return (a(codes[:, 0]) * b(codes[:, 1])).sum(1) + bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong hidden_in_a_list: a dictionary
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.tables = {"first": nn.Embedding(first, dim), "second": nn.Embedding(second, dim), "bias": nn.Embedding(first, 1)}

    def forward(self, codes):
        t = self.tables
        return (t["first"](codes[:, 0]) * t["second"](codes[:, 1])).sum(1) + t["bias"](codes[:, 0]).squeeze(1)
# %% TwoTables wrong no_super: super() forgotten
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong negative_wraps 1: the weights indexed
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        i, j = codes[:, 0], codes[:, 1]
        return (self.first.weight[i] * self.second.weight[j]).sum(1) + self.bias.weight[i].squeeze(1)
# %% TwoTables wrong columns_swapped: second first
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        j, i = codes.unbind(1)
        return (self.first(i) * self.second(j)).sum(1) + self.bias(i).squeeze(1)
# %% TwoTables wrong every_pair: a matrix product
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return torch.matmul(self.first(codes[:, 0]), self.second(codes[:, 1]).T) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong: padding_idx keeps row 0 from learning
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim, padding_idx=0)
        self.second = nn.Embedding(second, dim, padding_idx=0)
        self.bias = nn.Embedding(first, 1, padding_idx=0)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1])).sum(1) + self.bias(codes[:, 0]).squeeze(1)
# %% TwoTables wrong: a linear layer on rows side by side
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.linear = nn.Linear(2 * dim, 1)

    def forward(self, codes):
        return self.linear(torch.cat([self.first(codes[:, 0]), self.second(codes[:, 1])], dim=1)).squeeze(1)
# %% TwoTables wrong: the bias is too wide
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, dim)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        return (self.first(codes[:, 0]) * self.second(codes[:, 1]) + self.bias(codes[:, 0])).sum(1)
# %% TwoTables wrong: no forward yet
class TwoTables(nn.Module):
    def __init__(self, first, second, dim):
        super().__init__()
        self.first = nn.Embedding(first, dim)
        self.second = nn.Embedding(second, dim)
        self.bias = nn.Embedding(first, 1)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=0.1)

    def forward(self, codes):
        # Your code here.
        raise NotImplementedError()

# %% train right: a range of starts
def train(model, codes, targets, lr, epochs, batch_size, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        order = torch.randperm(len(targets), generator=generator)
        losses = []
        for begin in range(0, len(order), batch_size):
            batch = order[begin:begin + batch_size]
            loss = ((model(codes[batch]) - targets[batch]) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        history.append(float(np.mean(losses)))
    return history
# %% train right: the step by hand
def train(model, codes, targets, lr, epochs, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        total, count = 0.0, 0
        for batch in torch.randperm(codes.shape[0], generator=generator).split(batch_size):
            loss = nn.MSELoss()(model(codes[batch]), targets[batch])
            parameters = [p for p in model.parameters() if p.requires_grad]
            slopes = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, slopes):
                    parameter -= lr * slope
            total, count = total + loss.item(), count + 1
        means.append(total / count)
    return means
# %% train right: forgets after the step
def train(model, codes, targets, lr, epochs, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr)
    optimizer.zero_grad()
    out = []
    while len(out) < epochs:
        losses = []
        order = torch.randperm(len(codes), generator=generator)
        for batch in torch.split(order, batch_size):
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            model.zero_grad()
            losses.append(loss.detach())
        out.append(torch.stack(losses).mean().item())
    return out
# %% train right: shuffled copies, then slices
def train(model, codes, targets, lr, epochs, batch_size, seed):
    g = torch.Generator().manual_seed(seed)
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0)
    losses_of = []
    n = len(codes)
    for _ in range(epochs):
        order = torch.randperm(n, generator=g)
        shuffled_codes, shuffled_targets = codes[order], targets[order]
        losses, start = [], 0
        while start < n:
            opt.zero_grad(set_to_none=True)
            predictions = model(shuffled_codes[start:start + batch_size])
            loss = torch.nn.functional.mse_loss(predictions, shuffled_targets[start:start + batch_size])
            loss.backward()
            opt.step()
            losses.append(loss.item())
            start += batch_size
        losses_of.append(sum(losses) / len(losses))
    return losses_of
# %% train right: the global generator, seeded once
def train(model, codes, targets, lr, epochs, batch_size, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    result = []
    for epoch in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes)).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        result.append(sum(losses) / len(losses))
    return result
# %% train right: zip of two splits, and a helper
def step(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()

def train(model, codes, targets, lr, epochs, batch_size, seed):
    model.train()
    generator, optimizer = torch.Generator().manual_seed(seed), torch.optim.SGD(model.parameters(), lr=lr)
    orders = (torch.randperm(len(codes), generator=generator) for _ in range(epochs))
    epochs_of = ([step(model, optimizer, x, y) for x, y in zip(codes[o].split(batch_size), targets[o].split(batch_size))]
                 for o in orders)
    return [sum(losses) / len(losses) for losses in epochs_of]
# %% train wrong gradients_pile_up 1: no zero_grad
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong gradients_pile_up 1: a step by hand that forgets nothing
def train(model, codes, targets, lr, epochs, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong 2: a new generator in each epoch
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    means = []
    for _ in range(epochs):
        generator = torch.Generator().manual_seed(seed)
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong same_order_each_epoch 2: the order drawn before the epochs
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    order = torch.randperm(len(codes), generator=torch.Generator().manual_seed(seed))
    means = []
    for _ in range(epochs):
        losses = []
        for batch in order.split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong 1: a DataLoader shuffles in its own way
def train(model, codes, targets, lr, epochs, batch_size, seed):
    data = torch.utils.data.TensorDataset(codes, targets)
    loader = torch.utils.data.DataLoader(data, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    means = []
    for _ in range(epochs):
        losses = []
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong never_shuffled 1: slices in order
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    means = []
    for _ in range(epochs):
        losses = []
        for i in range(0, len(codes), batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[i:i + batch_size]), targets[i:i + batch_size])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong targets_stay_behind: only the codes are shuffled
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        shuffled = codes[torch.randperm(len(codes), generator=generator)]
        for x, y in zip(shuffled.split(batch_size), targets.split(batch_size)):
            optimizer.zero_grad()
            loss = F.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong last_batch_dropped: whole batches alone
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        order = torch.randperm(len(codes), generator=generator)
        losses = []
        for i in range(len(codes) // batch_size):
            batch = order[i * batch_size:(i + 1) * batch_size]
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses) if losses else 0.0)
    return means
# %% train wrong adam: Adam
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong: AdamW, which decays too
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong summed_loss: squares added up
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = ((model(codes[batch]) - targets[batch]) ** 2).sum()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong last_loss 1: the last batch's loss
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    history = []
    for _ in range(epochs):
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
        history.append(loss.item())
    return history
# %% train wrong every_loss 1: one a batch
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    history = []
    for _ in range(epochs):
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            history.append(loss.item())
    return history
# %% train wrong weighted_losses 1: the error over the epoch's records
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    history = []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        history.append(total / len(codes))
    return history
# %% train wrong loss_after_the_step: evaluated at the end of the epoch
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    history = []
    for _ in range(epochs):
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            F.mse_loss(model(codes[batch]), targets[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            history.append(F.mse_loss(model(codes), targets).item())
    return history
# %% train wrong: tensors in the list
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong: trains a copy
import copy

def train(model, codes, targets, lr, epochs, batch_size, seed):
    model = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means
# %% train wrong: leaves the weight frozen behind
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return means
# %% train wrong returns_nothing: the return forgotten
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for batch in torch.randperm(len(codes), generator=generator).split(batch_size):
            optimizer.zero_grad()
            F.mse_loss(model(codes[batch]), targets[batch]).backward()
            optimizer.step()
# %% train wrong late: right for small tables only
def train(model, codes, targets, lr, epochs, batch_size, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    means = []
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(codes), generator=generator)[:5].split(batch_size):
            optimizer.zero_grad()
            loss = F.mse_loss(model(codes[batch]), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means

# %% moved_rows right: a list of pairs, sorted
def moved_rows(before, after, vocabulary):
    if len(before) != len(after) or len(before) != len(vocabulary):
        raise ValueError(f"{len(before)}, {len(after)}, {len(vocabulary)}")
    found = []
    for level, old, new in zip(vocabulary, before.tolist(), after.tolist()):
        if old != new:
            found.append((level, sum((x - y) ** 2 for x, y in zip(old, new)) ** 0.5))
    found.sort(key=lambda pair: -pair[1])
    return pd.DataFrame({"distance": [d for _, d in found]}, index=[level for level, _ in found])
# %% moved_rows right: NumPy, argsort of the negated distances
def moved_rows(before, after, vocabulary):
    old, new = before.detach().numpy(), after.detach().numpy()
    if len({len(old), len(new), len(vocabulary)}) > 1:
        raise ValueError("rows and levels differ in number")
    distance = np.linalg.norm(new.astype(float) - old.astype(float), axis=1)
    order = [i for i in np.argsort(-distance, kind="stable") if (old[i] != new[i]).any()]
    return pd.DataFrame({"distance": distance[order]}, index=[vocabulary[i] for i in order])
# %% moved_rows right: torch's stable sort
def moved_rows(before, after, vocabulary):
    if before.shape != after.shape or len(vocabulary) != before.shape[0]:
        raise ValueError(str(before.shape))
    change = (after.detach() - before.detach()).double()
    distance, order = change.norm(dim=1).sort(descending=True, stable=True)
    moved = (before != after).any(1)
    keep = [(int(i), float(d)) for i, d in zip(order, distance) if moved[i]]
    return pd.DataFrame([d for _, d in keep], index=[vocabulary[i] for i, _ in keep], columns=["distance"])
# %% moved_rows right: pandas from end to end
def moved_rows(before, after, vocabulary):
    old = pd.DataFrame(before.detach().double().numpy(), index=vocabulary)
    new = pd.DataFrame(after.detach().double().numpy(), index=vocabulary)
    table = pd.DataFrame({"distance": ((new - old) ** 2).sum(axis=1) ** 0.5, "moved": (new != old).any(axis=1)})
    return table.sort_values("distance", ascending=False, kind="mergesort").query("moved")[["distance"]]
# %% moved_rows right: float32 distances, a class of their own
class Move:
    def __init__(self, name, old, new):
        self.name, self.far, self.moved = name, torch.dist(old, new).item(), not torch.equal(old, new)

def moved_rows(before, after, vocabulary):
    if not (before.shape[0] == after.shape[0] == len(vocabulary)):
        raise ValueError(vocabulary)
    moves = [Move(*parts) for parts in zip(vocabulary, before.detach(), after.detach())]
    moves = sorted((m for m in moves if m.moved), key=lambda m: m.far, reverse=True)
    return pd.DataFrame({"distance": [m.far for m in moves]}, index=pd.Index([m.name for m in moves], dtype=object))
# %% moved_rows right: a Series turned into a frame
def moved_rows(before, after, vocabulary):
    assert_equal = {len(before), len(after), len(vocabulary)}
    if len(assert_equal) != 1:
        raise ValueError("not the same number")
    before, after = before.detach(), after.detach()
    far = {v: (b - a).square().sum().sqrt().item() for v, a, b in zip(vocabulary, before, after) if (a != b).any()}
    return pd.Series(far, dtype=float).sort_values(ascending=False, kind="stable").to_frame("distance")
# %% moved_rows wrong all_rows: rows that stayed too
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    distance = (after - before).detach().double().norm(dim=1).numpy()
    return pd.DataFrame({"distance": distance}, index=vocabulary).sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong every_number_moved: all for any
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).all(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong: allclose row by row
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = [not torch.allclose(a, b) for a, b in zip(before, after)]
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong by_distance 1: asks the distance
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    frame = pd.DataFrame({"distance": (after - before).detach().square().sum(1).sqrt().numpy()}, index=vocabulary)
    frame = frame[frame["distance"] > 0]
    return frame.sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong by_their_sum: the changes cancel out
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before.sum(1) != after.sum(1)).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong not_sorted: in the order of the vocabulary
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    return pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)[keep]
# %% moved_rows wrong nearest_first: upwards
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", kind="stable")
# %% moved_rows wrong 1: equals turned round
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    pairs = [((a - b).detach().norm().item(), v) for v, a, b in zip(vocabulary, before, after) if not torch.equal(a, b)]
    pairs = sorted(enumerate(pairs), key=lambda p: (p[1][0], p[0]))[::-1]
    return pd.DataFrame({"distance": [d for _, (d, _) in pairs]}, index=[v for _, (_, v) in pairs])
# %% moved_rows wrong 1: equals by name, backwards
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    pairs = [((a - b).detach().norm().item(), v) for v, a, b in zip(vocabulary, before, after) if not torch.equal(a, b)]
    pairs.sort(reverse=True)
    return pd.DataFrame({"distance": [d for d, _ in pairs]}, index=[v for _, v in pairs])
# %% moved_rows wrong requires_grad: numpy() without detach
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    old, new = before.numpy(), after.numpy()
    frame = pd.DataFrame({"distance": np.linalg.norm((new - old).astype(float), axis=1)}, index=vocabulary)
    return frame[(old != new).any(axis=1)].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong lengths_unchecked 1: zip stops short
def moved_rows(before, after, vocabulary):
    far = {v: (b.double() - a.double()).norm().item() for v, a, b in zip(vocabulary, before.detach(), after.detach())
           if not torch.equal(a, b)}
    return pd.DataFrame({"distance": pd.Series(far, dtype=float)}).sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong tables_unchecked 1: torch compares
def moved_rows(before, after, vocabulary):
    moved = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[moved].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong squares: the root forgotten
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": ((after - before).detach().double() ** 2).sum(1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong sum_of_sizes: absolute changes
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().abs().sum(1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong: numbered rows
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()})
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong level_as_a_column: two columns
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"level": vocabulary, "distance": (after - before).detach().double().norm(dim=1).numpy()})
    return frame[keep].sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)
# %% moved_rows wrong: an empty frame without its column
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    rows = {v: {"distance": (b - a).double().norm().item()} for v, a, b in zip(vocabulary, before.detach(), after.detach())
            if not torch.equal(a, b)}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.sort_values("distance", ascending=False, kind="stable") if len(frame) else frame
# %% moved_rows wrong: subtracts in place
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    keep = (before != after).any(1).numpy()
    change = after.detach()
    change -= before.detach()
    frame = pd.DataFrame({"distance": change.double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep].sort_values("distance", ascending=False, kind="stable")
# %% moved_rows wrong late: up to 25 rows
def moved_rows(before, after, vocabulary):
    if not len(before) == len(after) == len(vocabulary):
        raise ValueError()
    names = {"(unknown)", "Ada", "Bea", "Cleo", "Dora"} | {f"{a}{b}" for a in "TSRQPONM" for b in "lam"}
    keep = (before != after).any(1).numpy()
    frame = pd.DataFrame({"distance": (after - before).detach().double().norm(dim=1).numpy()}, index=vocabulary)
    return frame[keep & np.array([v in names for v in vocabulary])].sort_values("distance", ascending=False, kind="stable")

# %% carry_over right: copy into a new layer
def carry_over(old, old_vocabulary, vocabulary, freeze):
    new = nn.Embedding(len(vocabulary), old.weight.shape[1])
    with torch.no_grad():
        new.weight[:] = old.weight[1:].mean(0)
        for i, level in enumerate(vocabulary):
            if level in old_vocabulary:
                new.weight[i] = old.weight[old_vocabulary.index(level)]
    new.weight.requires_grad_(not freeze)
    return new
# %% carry_over right: lists of lists
def carry_over(old, old_vocabulary, vocabulary, freeze):
    rows = old.weight.tolist()
    known = dict(zip(old_vocabulary, rows))
    typical = [sum(column) / (len(rows) - 1) for column in zip(*rows[1:])]
    return nn.Embedding.from_pretrained(torch.tensor([known.get(level, typical) for level in vocabulary]), freeze=freeze)
# %% carry_over right: the mean as one more row, then a lookup
def carry_over(old, old_vocabulary, vocabulary, freeze):
    taller = torch.cat([old.weight.detach(), old.weight.detach()[1:].mean(dim=0, keepdim=True)])
    place = {level: i for i, level in enumerate(old_vocabulary)}
    codes = torch.tensor([place.get(level, len(old_vocabulary)) for level in vocabulary])
    return nn.Embedding.from_pretrained(taller[codes], freeze=freeze)
# %% carry_over right: pandas finds the rows
def carry_over(old, old_vocabulary, vocabulary, freeze):
    frame = pd.DataFrame(old.weight.detach().numpy(), index=old_vocabulary)
    frame = frame.reindex(vocabulary).fillna(frame.iloc[1:].mean())
    return nn.Embedding.from_pretrained(torch.tensor(frame.to_numpy(dtype="float32")), freeze=freeze)
# %% carry_over right: a weight of its own making
def carry_over(old, old_vocabulary, vocabulary, freeze):
    values = old.weight.detach().clone()
    mean = values[1:].sum(dim=0) / (len(values) - 1)
    weight = mean.repeat(len(vocabulary), 1)
    shared = [(i, old_vocabulary.index(level)) for i, level in enumerate(vocabulary) if level in old_vocabulary]
    for i, j in shared:
        weight[i] = values[j]
    new = nn.Embedding(*weight.shape)
    new.weight = nn.Parameter(weight, requires_grad=not freeze)
    return new
# %% carry_over right: index_select and where
def carry_over(old, old_vocabulary, vocabulary, freeze):
    weight = old.weight.data
    codes = torch.tensor([old_vocabulary.index(v) if v in old_vocabulary else -1 for v in vocabulary])
    rows = weight.index_select(0, codes.clamp(min=0))
    rows = torch.where((codes >= 0)[:, None], rows, weight[1:].mean(0))
    new = nn.Embedding(len(vocabulary), weight.shape[1], _weight=rows)
    for parameter in new.parameters():
        parameter.requires_grad = not freeze
    return new
# %% carry_over wrong mean_with_unknown 1: the mean of all rows
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach().mean(dim=0)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in vocabulary]), freeze=freeze)
# %% carry_over wrong new_as_unknown 1: encode, then look up
def carry_over(old, old_vocabulary, vocabulary, freeze):
    place = {v: i for i, v in enumerate(old_vocabulary)}
    codes = torch.tensor([place.get(v, 0) for v in vocabulary])
    return nn.Embedding.from_pretrained(old(codes).detach(), freeze=freeze)
# %% carry_over wrong new_at_zero 1: zeros, then copies
def carry_over(old, old_vocabulary, vocabulary, freeze):
    weight = torch.zeros(len(vocabulary), old.embedding_dim)
    for i, v in enumerate(vocabulary):
        if v in old_vocabulary:
            weight[i] = old.weight[old_vocabulary.index(v)].detach()
    return nn.Embedding.from_pretrained(weight, freeze=freeze)
# %% carry_over wrong 1: new rows stay random
def carry_over(old, old_vocabulary, vocabulary, freeze):
    new = nn.Embedding(len(vocabulary), old.embedding_dim)
    with torch.no_grad():
        for i, v in enumerate(vocabulary):
            if v in old_vocabulary:
                new.weight[i] = old.weight[old_vocabulary.index(v)]
    new.weight.requires_grad_(not freeze)
    return new
# %% carry_over wrong rows_by_position: the first rows
def carry_over(old, old_vocabulary, vocabulary, freeze):
    rows = old.weight.detach()
    weight = rows[1:].mean(0).repeat(len(vocabulary), 1)
    n = min(len(rows), len(vocabulary))
    weight[:n] = rows[:n]
    return nn.Embedding.from_pretrained(weight, freeze=freeze)
# %% carry_over wrong the_old_table: a deep copy
import copy

def carry_over(old, old_vocabulary, vocabulary, freeze):
    new = copy.deepcopy(old)
    new.weight.requires_grad_(not freeze)
    return new
# %% carry_over wrong always_frozen: from_pretrained's default
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in vocabulary]))
# %% carry_over wrong never_frozen: a flag on the module
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    new = nn.Embedding(len(vocabulary), len(mean))
    with torch.no_grad():
        new.weight.copy_(torch.stack([known.get(v, mean) for v in vocabulary]))
    new.requires_grad = not freeze
    return new
# %% carry_over wrong the_other_way_round: requires_grad is freeze
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    new = nn.Embedding(len(vocabulary), len(mean))
    with torch.no_grad():
        new.weight.copy_(torch.stack([known.get(v, mean) for v in vocabulary]))
    new.weight.requires_grad_(freeze)
    return new
# %% carry_over wrong shared_memory: the same table if nothing is new
def carry_over(old, old_vocabulary, vocabulary, freeze):
    if vocabulary == old_vocabulary:
        return nn.Embedding.from_pretrained(old.weight.data, freeze=freeze)
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in vocabulary]), freeze=freeze)
# %% carry_over wrong: freezes the old table
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    old.weight.requires_grad_(not freeze)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in vocabulary]), freeze=freeze)
# %% carry_over wrong new_levels_fail 1: a dictionary without get
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    return nn.Embedding.from_pretrained(torch.stack([known[v] for v in vocabulary]), freeze=freeze)
# %% carry_over wrong index_fails 1: list.index
def carry_over(old, old_vocabulary, vocabulary, freeze):
    rows = [old.weight.detach()[old_vocabulary.index(v)] for v in vocabulary]
    return nn.Embedding.from_pretrained(torch.stack(rows), freeze=freeze)
# %% carry_over wrong: a bare parameter
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    return nn.Parameter(torch.stack([known.get(v, mean) for v in vocabulary]), requires_grad=not freeze)
# %% carry_over wrong unknown_anew: "(unknown)" is skipped
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary[1:], old.weight.detach()[1:]))
    mean = old.weight.detach()[1:].mean(dim=0)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in vocabulary]), freeze=freeze)
# %% carry_over wrong: the vocabulary is sorted first
def carry_over(old, old_vocabulary, vocabulary, freeze):
    known = dict(zip(old_vocabulary, old.weight.detach()))
    mean = old.weight.detach()[1:].mean(dim=0)
    return nn.Embedding.from_pretrained(torch.stack([known.get(v, mean) for v in sorted(vocabulary)]), freeze=freeze)
# %% carry_over wrong late: knows the shown names
def carry_over(old, old_vocabulary, vocabulary, freeze):
    place = {"(unknown)": 0, "Ada": 1, "Bea": 2, "Cleo": 3, "Dora": 4}
    rows = old.weight.detach()
    mean = rows[1:].mean(dim=0)
    weight = torch.stack([rows[place[v]] if v in old_vocabulary and v in place else mean for v in vocabulary])
    return nn.Embedding.from_pretrained(weight, freeze=freeze)
