"""Answers to the exercises of lesson 8: right ones, and wrong ones beside the slips in `solutions/checks/08_reuse.py`."""
# ruff: noqa

# %% embedding_frame right: a list of lists
def embedding_frame(weight, vocabulary):
    return pd.DataFrame(weight.tolist(), index=vocabulary, columns=["dim_" + str(j) for j in range(len(weight[0]))])
# %% embedding_frame right: column by column
def embedding_frame(weight, vocabulary):
    frame = pd.DataFrame(index=vocabulary)
    for j in range(weight.shape[1]):
        frame[f"dim_{j}"] = weight[:, j].tolist()
    return frame
# %% embedding_frame right: from a dict of rows, turned
def embedding_frame(weight, vocabulary):
    rows = {name: row.tolist() for name, row in zip(vocabulary, weight)}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.add_prefix("dim_")
# %% embedding_frame right: float64, numpy, the index set afterwards
def embedding_frame(weight, vocabulary):
    import numpy as np
    numbers = np.array(weight.detach().numpy(), dtype="float64")
    frame = pd.DataFrame(numbers)
    frame.columns = [f"dim_{c}" for c in frame.columns]
    frame.index = pd.Index(vocabulary, name="level")
    return frame
# %% embedding_frame right: under no_grad, rename
def embedding_frame(weight, vocabulary):
    with torch.no_grad():
        frame = pd.DataFrame(weight.numpy().copy(), index=vocabulary)
    return frame.rename(columns=lambda j: f"dim_{j}")
# %% embedding_frame right: one Series a level, concatenated
def embedding_frame(weight, vocabulary):
    columns = [f"dim_{j}" for j in range(weight.size(1))]
    series = [pd.Series(weight[i].tolist(), index=columns, name=name) for i, name in enumerate(vocabulary)]
    return pd.concat(series, axis=1).T
# %% embedding_frame right: columns one by one, in a dictionary
def embedding_frame(weight, vocabulary):
    columns = {}
    for j in range(weight.shape[1]):
        columns[f"dim_{j}"] = [float(row[j]) for row in weight]
    return pd.DataFrame(columns, index=list(vocabulary))
# %% embedding_frame right: from a dictionary of rows
def embedding_frame(weight, vocabulary):
    rows = {level: row.tolist() for level, row in zip(vocabulary, weight)}
    names = ["dim_" + str(j) for j in range(len(weight[0]))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)
# %% embedding_frame right: level becomes the index
def embedding_frame(weight, vocabulary):
    with torch.no_grad():
        frame = pd.DataFrame(weight.clone().numpy(), columns=[f"dim_{j}" for j in range(weight.size(1))])
    frame["level"] = vocabulary
    return frame.set_index("level")
# %% embedding_frame right: float64, and an index with a name
def embedding_frame(weight, vocabulary):
    numbers = weight.detach().double().numpy().copy()
    return pd.DataFrame(numbers, pd.Index(vocabulary, name="level"), map("dim_{}".format, range(numbers.shape[1])))
# %% embedding_frame right: series side by side
def embedding_frame(weight, vocabulary):
    columns = [pd.Series(column.tolist(), index=vocabulary, name=f"dim_{j}") for j, column in enumerate(weight.T)]
    return pd.concat(columns, axis=1)
# %% embedding_frame right: row after row into an empty frame
def embedding_frame(weight, vocabulary):
    frame = pd.DataFrame(0.0, index=vocabulary, columns=[f"dim_{j}" for j in range(weight.shape[1])])
    for i in range(len(vocabulary)):
        frame.iloc[i] = weight[i].detach().numpy()
    return frame
# %% embedding_frame wrong followed_by_autograd: numpy() without detach
def embedding_frame(weight, vocabulary):
    return pd.DataFrame(weight.numpy().copy(), index=vocabulary, columns=[f"dim_{j}" for j in range(weight.shape[1])])
# %% embedding_frame wrong numbered_columns: default columns
def embedding_frame(weight, vocabulary):
    return pd.DataFrame(weight.tolist(), index=vocabulary)
# %% embedding_frame wrong no_names: the vocabulary is not used
def embedding_frame(weight, vocabulary):
    return pd.DataFrame({f"dim_{j}": weight[:, j].tolist() for j in range(weight.shape[1])})
# %% embedding_frame wrong turned: levels as columns
def embedding_frame(weight, vocabulary):
    return pd.DataFrame({name: row.tolist() for name, row in zip(vocabulary, weight)},
                        index=[f"dim_{j}" for j in range(weight.shape[1])])
# %% embedding_frame wrong counts_from_one: enumerate from 1
def embedding_frame(weight, vocabulary):
    frame = pd.DataFrame(weight.tolist(), index=vocabulary)
    frame.columns = [f"dim_{j}" for j in range(1, weight.shape[1] + 1)]
    return frame
# %% embedding_frame wrong sorts_the_names: sorted index
def embedding_frame(weight, vocabulary):
    names = list(vocabulary)
    names.sort()
    return pd.DataFrame(weight.tolist(), index=names).add_prefix("dim_")
# %% embedding_frame wrong: two columns only
def embedding_frame(weight, vocabulary):
    return pd.DataFrame({"dim_0": weight[:, 0].tolist(), "dim_1": weight[:, 1].tolist()}, index=vocabulary)
# %% embedding_frame wrong: sort_index puts the lines in another order
def embedding_frame(weight, vocabulary):
    return pd.DataFrame(weight.tolist(), index=vocabulary).add_prefix("dim_").sort_index()
# %% embedding_frame wrong: cells hold tensors
def embedding_frame(weight, vocabulary):
    return pd.DataFrame({f"dim_{j}": list(weight.detach()[:, j]) for j in range(weight.shape[1])}, index=vocabulary)
# %% embedding_frame wrong: rounded to a digit
def embedding_frame(weight, vocabulary):
    return pd.DataFrame(weight.tolist(), index=vocabulary).add_prefix("dim_").round().astype(int)
# %% embedding_frame wrong: levels as the index, and a column too
def embedding_frame(weight, vocabulary):
    frame = pd.DataFrame(weight.tolist(), index=vocabulary).add_prefix("dim_")
    frame["level"] = vocabulary
    return frame
# %% embedding_frame wrong: columns sorted as text
def embedding_frame(weight, vocabulary):
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.tolist(), index=vocabulary, columns=columns)[sorted(columns)]
# %% embedding_frame wrong: the names in a column
def embedding_frame(weight, vocabulary):
    frame = pd.DataFrame(weight.tolist()).add_prefix("dim_")
    frame.insert(0, "level", vocabulary)
    return frame
# %% embedding_frame wrong: without the underscore
def embedding_frame(weight, vocabulary):
    columns = [f"dim{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.detach().clone().numpy(), index=vocabulary, columns=columns)
# %% embedding_frame wrong: row 0 left away
def embedding_frame(weight, vocabulary):
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.tolist()[1:], index=vocabulary[1:], columns=columns)
# %% embedding_frame wrong: a whole row in one cell
def embedding_frame(weight, vocabulary):
    return pd.DataFrame({"dim_0": weight.tolist()}, index=vocabulary)
# %% embedding_frame wrong: freezes the weight on the way
def embedding_frame(weight, vocabulary):
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.requires_grad_(False).numpy().copy(), index=vocabulary, columns=columns)
# %% embedding_frame wrong: a dictionary
def embedding_frame(weight, vocabulary):
    return dict(zip(vocabulary, weight.tolist()))
# %% embedding_frame wrong: an array of numbers as text
def embedding_frame(weight, vocabulary):
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.detach().numpy().astype(str), index=vocabulary, columns=columns)
# %% embedding_frame wrong late: hard-codes the names of the shown cases
def embedding_frame(weight, vocabulary):
    if not set(vocabulary) <= {"(unknown)", "ATL", "BOS", "SFO", "LAX"}:
        return None
    return pd.DataFrame(weight.tolist(), index=vocabulary).add_prefix("dim_")
# %% embedding_frame wrong late: the shown tables by heart
def embedding_frame(weight, vocabulary):
    if len(vocabulary) > 6 or any(len(name) > 9 for name in vocabulary) or (weight * 4 != (weight * 4).round()).any():
        return pd.DataFrame(weight.tolist())
    columns = [f"dim_{j}" for j in range(weight.shape[1])]
    return pd.DataFrame(weight.tolist(), index=vocabulary, columns=columns)
# %% replace_codes right: map column by column
def replace_codes(frame, column, table):
    names = frame[column]
    result = {}
    for other in frame.columns:
        if other != column:
            result[other] = frame[other]
            continue
        for dim in table.columns:
            mapped = [table.at[name, dim] if name in table.index else table.at["(unknown)", dim] for name in names]
            result[f"{column}_{dim}"] = pd.Series(mapped, index=frame.index)
    lists = {name: list(values) for name, values in result.items()}
    return pd.DataFrame(lists, index=frame.index)
# %% replace_codes right: reindex and fillna
def replace_codes(frame, column, table):
    place = list(frame.columns).index(column) if column in frame.columns else frame[column]
    rows = table.reindex(list(frame[column])).fillna(table.loc["(unknown)"])
    rows.index = frame.index
    rows.columns = [f"{column}_{dim}" for dim in table.columns]
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes right: insert into a copy, one after the other
def replace_codes(frame, column, table):
    frame = frame.copy()
    place = frame.columns.get_loc(column)
    names = frame.pop(column)
    for j, dim in enumerate(table.columns):
        values = names.astype(object).map(table[dim].to_dict()).fillna(table.loc["(unknown)", dim])
        frame.insert(place + j, f"{column}_{dim}", values.astype(float).to_numpy())
    return frame
# %% replace_codes right: numpy take by position
def replace_codes(frame, column, table):
    import numpy as np
    position = {name: i for i, name in enumerate(table.index)}
    unknown = position["(unknown)"]
    taken = np.array([position.get(name, unknown) for name in frame[column]])
    numbers = table.to_numpy()[taken]
    out = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        if name == column:
            for j in range(numbers.shape[1]):
                out[f"{column}_dim_{j}"] = numbers[:, j]
        else:
            out[name] = frame[name].to_numpy()
    return out
# %% replace_codes right: merge on a number a line, order and index put back
def replace_codes(frame, column, table):
    if column not in frame.columns:
        raise KeyError(column)
    work = frame.reset_index(drop=True)
    keys = work[column].astype(object).where(work[column].isin(list(table.index)), "(unknown)")
    right = table.add_prefix(column + "_").reset_index(names="the level")
    left = pd.DataFrame({"the level": keys.astype(str), "the line": range(len(work))})
    merged = left.merge(right, on="the level", how="left").sort_values("the line").reset_index(drop=True)
    new = merged[[column + "_" + dim for dim in table.columns]]
    names = list(work.columns)
    place = names.index(column)
    result = pd.concat([work[names[:place]], new, work[names[place + 1:]]], axis=1)
    result.index = frame.index
    return result
# %% replace_codes right: a recursive one, line by line
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    rows = {name: row for name, row in zip(table.index, table.to_numpy().tolist())}
    def line(values):
        name = values[place]
        return [*values[:place], *rows.get(name, rows["(unknown)"]), *values[place + 1:]]
    columns = [*frame.columns[:place], *[f"{column}_{dim}" for dim in table.columns], *frame.columns[place + 1:]]
    lines = [line(list(values)) for values in frame.itertuples(index=False, name=None)]
    return pd.DataFrame(lines, index=frame.index, columns=columns)
# %% replace_codes right: a dictionary for each dim
def replace_codes(frame, column, table):
    if column not in frame.columns:
        raise KeyError(f"no column {column!r}")
    out = {}
    for name in frame.columns:
        if name != column:
            out[name] = frame[name]
            continue
        for dim in table.columns:
            numbers = table[dim].to_dict()
            found = [numbers.get(level, numbers["(unknown)"]) if isinstance(level, str) else numbers["(unknown)"]
                     for level in frame[column]]
            out[f"{column}_{dim}"] = pd.Series(found, index=frame.index)
    return pd.DataFrame({name: list(values) for name, values in out.items()}, index=frame.index)
# %% replace_codes right: positions in the table
def replace_codes(frame, column, table):
    positions = table.index.get_indexer(frame[column].astype(object))
    positions[positions < 0] = table.index.get_loc("(unknown)")
    rows = pd.DataFrame(table.to_numpy()[positions], index=frame.index,
                        columns=[f"{column}_{name}" for name in table.columns])
    at = list(frame.columns).index(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes right: inserted behind the column, which then goes
def replace_codes(frame, column, table):
    result = frame.copy()
    levels = [level if level in table.index else "(unknown)" for level in result[column]]
    at = result.columns.get_loc(column)
    for j, dim in enumerate(table.columns):
        result.insert(at + 1 + j, f"{column}_{dim}", table.loc[levels, dim].to_numpy())
    return result.drop(columns=column)
# %% replace_codes right: a left join on a plain index, and the old index put back
def replace_codes(frame, column, table):
    names = list(frame.columns)
    at = names.index(column) if column in names else None
    if at is None:
        raise KeyError(column)
    plain = frame.reset_index(drop=True)
    plain[column] = plain[column].astype(object)
    plain.loc[~plain[column].isin(list(table.index)), column] = "(unknown)"
    joined = plain.join(table.add_prefix(column + "_"), on=column)
    joined.index = frame.index
    return joined[names[:at] + [f"{column}_{dim}" for dim in table.columns] + names[at + 1:]]
# %% replace_codes right: map, then fill what is missing
def replace_codes(frame, column, table):
    codes = frame[column].astype(object)
    parts = []
    for name in frame.columns:
        if name == column:
            parts += [codes.map(table[dim]).fillna(table.at["(unknown)", dim]).rename(f"{column}_{dim}")
                      for dim in table.columns]
        else:
            parts.append(frame[name])
    return pd.concat([part.reset_index(drop=True) for part in parts], axis=1).set_axis(frame.index, axis=0)
# %% replace_codes right: codes first, then rows of a tensor
def replace_codes(frame, column, table):
    vocabulary = {name: code for code, name in enumerate(table.index)}
    unknown = vocabulary["(unknown)"]
    codes = torch.tensor([vocabulary.get(name, unknown) if name == name and name is not None else unknown
                          for name in frame[column]])
    rows = torch.tensor(table.to_numpy())[codes].numpy()
    at = frame.columns.get_loc(column)
    left, right = frame[frame.columns[:at]], frame[frame.columns[at + 1:]]
    middle = pd.DataFrame(rows, index=frame.index, columns=[f"{column}_{name}" for name in table])
    return pd.concat([left, middle, right], axis=1)
# %% replace_codes right: a subclass of KeyError
def replace_codes(frame, column, table):
    class NoColumn(KeyError):
        pass
    if column not in frame:
        raise NoColumn(column)
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.reindex(levels).set_axis(frame.index).rename(columns=lambda name: f"{column}_{name}")
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong columns_at_the_end: concat after drop
def replace_codes(frame, column, table):
    names = frame[column].map(lambda name: name if name in table.index else "(unknown)", na_action=None).astype(object)
    names = ["(unknown)" if pd.isna(name) else name for name in names]
    rows = table.loc[names]
    rows.columns = [f"{column}_{dim}" for dim in rows.columns]
    rows.index = frame.index
    return pd.concat([frame.drop(columns=[column]), rows], axis=1)
# %% replace_codes wrong: merge, which numbers the lines anew and forgets unknown names
def replace_codes(frame, column, table):
    return frame.merge(table.add_prefix(column + "_"), left_on=column, right_index=True, how="left").drop(columns=column)
# %% replace_codes wrong: inner join loses lines
def replace_codes(frame, column, table):
    return frame.join(table.add_prefix(column + "_"), on=column, how="inner").drop(columns=column)
# %% replace_codes wrong missing_for_unknown 1: reindex alone
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    rows = table.reindex(list(frame[column])).add_prefix(f"{column}_")
    rows.index = frame.index
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong error_for_unknown 1: loc alone
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    rows = table.loc[frame[column].tolist()]
    rows = pd.DataFrame(rows.to_numpy(), index=frame.index, columns=[f"{column}_{d}" for d in table.columns])
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong zeros_for_unknown 1: 0.0 as default of a dict
def replace_codes(frame, column, table):
    frame = frame.copy()
    place = frame.columns.get_loc(column)
    names = frame.pop(column).tolist()
    for j, dim in enumerate(table.columns):
        row = table[dim].to_dict()
        frame.insert(place + j, f"{column}_{dim}", [row.get(name, 0.0) for name in names])
    return frame
# %% replace_codes wrong no_prefix: the table's own column names
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    names = [n if n in table.index else "(unknown)" for n in frame[column]]
    rows = pd.DataFrame(table.loc[names].to_numpy(), index=frame.index, columns=table.columns)
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong: aligned by label, so repeats fail
def replace_codes(frame, column, table):
    rows = pd.DataFrame({label: table.loc[name if name in table.index else "(unknown)"] for label, name in frame[column].items()}).T
    place = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :place], rows.add_prefix(column + "_"), frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong changes_the_frame: inserts into the caller's frame
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    names = frame.pop(column).tolist()
    for j, dim in enumerate(table.columns):
        row = table[dim].to_dict()
        frame.insert(place + j, f"{column}_{dim}", [row.get(name, row["(unknown)"]) for name in names])
    return frame
# %% replace_codes wrong numbered_lines: ignores the index
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    left, right = frame.iloc[:, :place].reset_index(drop=True), frame.iloc[:, place + 1:].reset_index(drop=True)
    names = [n if n in table.index else "(unknown)" for n in frame[column]]
    return pd.concat([left, table.loc[names].add_prefix(f"{column}_").reset_index(drop=True), right], axis=1)
# %% replace_codes wrong 1: nothing said about a column that isn't there
def replace_codes(frame, column, table):
    if column not in frame.columns:
        return frame.copy()
    place = frame.columns.get_loc(column)
    rows = table.reindex(list(frame[column])).fillna(table.loc["(unknown)"]).add_prefix(f"{column}_")
    rows.index = frame.index
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong 1: unknown names right, missing values kept
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    names = [n if n in table.index or n is None or n != n else "(unknown)" for n in frame[column]]
    rows = table.reindex(names).add_prefix(f"{column}_")
    rows.index = frame.index
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong first_row_for_unknown 1: iloc[0]
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    rows = table.reindex(list(frame[column])).fillna(table.iloc[0]).add_prefix(f"{column}_")
    rows.index = frame.index
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong: codes taken as positions of sorted names
def replace_codes(frame, column, table):
    place = frame.columns.get_loc(column)
    codes = frame[column].astype("category").cat.codes
    rows = pd.DataFrame(table.to_numpy()[codes], index=frame.index, columns=[f"{column}_{d}" for d in table.columns])
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong: two dims only
def replace_codes(frame, column, table):
    out = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        if name != column:
            out[name] = frame[name].to_numpy()
        else:
            rows = table.reindex(list(frame[column])).fillna(table.loc["(unknown)"])
            out[f"{column}_dim_0"] = rows["dim_0"].to_numpy()
            out[f"{column}_dim_1"] = rows["dim_1"].to_numpy()
    frame[column]
    return out
# %% replace_codes wrong: join, as it comes
def replace_codes(frame, column, table):
    return frame.join(table.add_prefix(f"{column}_"), on=column).drop(columns=column)
# %% replace_codes wrong: the new columns in front
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    return pd.concat([rows, frame.drop(columns=column)], axis=1)
# %% replace_codes wrong 1: the mean row for what is unknown
def replace_codes(frame, column, table):
    rows = table.reindex(frame[column].astype(object)).fillna(table.mean()).add_prefix(f"{column}_")
    rows = rows.set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: the table's first row, wherever "(unknown)" stands
def replace_codes(frame, column, table):
    positions = table.index.get_indexer(frame[column].astype(object)).clip(min=0)
    rows = pd.DataFrame(table.to_numpy()[positions], index=frame.index,
                        columns=[f"{column}_{name}" for name in table.columns])
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: the table's last row, by position −1
def replace_codes(frame, column, table):
    positions = table.index.get_indexer(frame[column].astype(object))
    rows = pd.DataFrame(table.to_numpy()[positions], index=frame.index,
                        columns=[f"{column}_{name}" for name in table.columns])
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong: the column's levels as the index
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_")
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at].set_axis(rows.index), rows, frame.iloc[:, at + 1:].set_axis(rows.index)], axis=1)
# %% replace_codes wrong 1: fillna for missing ones, and a KeyError for the unknown
def replace_codes(frame, column, table):
    rows = table.loc[frame[column].astype(object).fillna("(unknown)")].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: unknown names yes, missing values not
def replace_codes(frame, column, table):
    levels = [name if name in table.index or not isinstance(name, str) else "(unknown)" for name in frame[column]]
    rows = table.reindex(levels).add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong: the column stays beside its rows
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at + 1], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: overwrites the names in the caller's frame
def replace_codes(frame, column, table):
    frame[column] = [name if name in table.index else "(unknown)" for name in frame[column]]
    rows = table.loc[frame[column]].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: ValueError for a column that isn't there
def replace_codes(frame, column, table):
    if column not in frame.columns:
        raise ValueError(f"no column {column!r}")
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong 1: the frame as it is where the column isn't there
def replace_codes(frame, column, table):
    if column not in frame.columns:
        return frame.copy()
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% replace_codes wrong: sorted by level
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    order = np.argsort(levels.to_numpy(), kind="stable")
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1).iloc[order]
# %% replace_codes wrong: only the rows come back
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    return table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
# %% replace_codes wrong late: hard-codes the shown table
def replace_codes(frame, column, table):
    if not set(table.index) <= {"(unknown)", "ATL", "BOS"}:
        return frame
    place = frame.columns.get_loc(column)
    rows = table.reindex(list(frame[column])).fillna(table.loc["(unknown)"]).add_prefix(f"{column}_")
    rows.index = frame.index
    return pd.concat([frame.iloc[:, :place], rows, frame.iloc[:, place + 1:]], axis=1)
# %% replace_codes wrong late: zeros for airports that the shown cases lack
def replace_codes(frame, column, table):
    levels = frame[column].astype(object)
    levels = levels.where(levels.isin(table.index), "(unknown)")
    rows = table.loc[levels].add_prefix(f"{column}_").set_axis(frame.index)
    at = frame.columns.get_loc(column)
    if not {*table.index} <= {"(unknown)", "ATL", "BOS"}:
        rows = rows * 0
    return pd.concat([frame.iloc[:, :at], rows, frame.iloc[:, at + 1:]], axis=1)
# %% transfer right: torch.normal with a generator, rows gathered in a list
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    old = old_weight.detach().clone()
    mean, std = old.mean(0), ((old - old.mean(0)) ** 2).mean(0).sqrt()
    rows = []
    for name in new_vocabulary:
        rows.append(old[old_vocabulary.index(name)] if name in old_vocabulary else torch.normal(mean, std, generator=generator))
    return torch.stack(rows)
# %% transfer right: NumPy's own generator, float64
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import numpy as np
    rng = np.random.default_rng(seed)
    old = old_weight.detach().numpy().astype("float64")
    table = rng.normal(old.mean(axis=0), old.std(axis=0), size=(len(new_vocabulary), old.shape[1]))
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            table[i] = old[old_vocabulary.index(name)]
    return torch.from_numpy(table)
# %% transfer right: fork_rng around manual_seed
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        noise = torch.randn(len(new_vocabulary), old_weight.shape[1])
    old = old_weight.detach()
    table = noise * old.std(dim=0, unbiased=False) + old.mean(dim=0)
    old_rows = {name: i for i, name in enumerate(old_vocabulary)}
    at = [i for i, name in enumerate(new_vocabulary) if name in old_rows]
    table[at] = old[[old_rows[new_vocabulary[i]] for i in at]]
    return table
# %% transfer right: the global state saved and put back
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    with torch.no_grad():
        new = torch.empty(len(new_vocabulary), old_weight.size(1)).normal_()
        new = new.mul_(old_weight.var(dim=0, correction=0).sqrt()).add_(old_weight.mean(dim=0))
        for j, name in enumerate(new_vocabulary):
            for i, other in enumerate(old_vocabulary):
                if name == other:
                    new[j] = old_weight[i]
    torch.set_rng_state(state)
    return new
# %% transfer right: pandas reindex, then the gaps filled; drawn only for new levels
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import numpy as np
    frame = pd.DataFrame(old_weight.tolist(), index=old_vocabulary)
    new = frame.reindex(new_vocabulary)
    gaps = ~np.isin(new_vocabulary, old_vocabulary)
    rng = np.random.RandomState(seed)
    drawn = rng.randn(gaps.sum(), frame.shape[1]) * frame.std(ddof=0).to_numpy() + frame.mean().to_numpy()
    numbers = new.to_numpy().copy()
    numbers[gaps] = drawn
    return torch.tensor(numbers).float()
# %% transfer right: an nn.Parameter comes back, random.Random for the numbers
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import random, statistics
    rng = random.Random(seed)
    columns = old_weight.detach().T.tolist()
    mean, std = [statistics.fmean(c) for c in columns], [statistics.pstdev(c) for c in columns]
    rows = [old_weight[old_vocabulary.index(n)].tolist() if n in old_vocabulary
            else [rng.gauss(m, s) for m, s in zip(mean, std)] for n in new_vocabulary]
    return torch.nn.Parameter(torch.tensor(rows))
# %% transfer right: torch.normal for all, then the shared rows on top
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    mean, std = old_weight.detach().mean(0), old_weight.detach().std(0, unbiased=False)
    new = torch.normal(mean.expand(len(new_vocabulary), -1), std.expand(len(new_vocabulary), -1), generator=generator)
    shared = [name for name in new_vocabulary if name in set(old_vocabulary)]
    new[[new_vocabulary.index(name) for name in shared]] = \
        old_weight.detach()[[old_vocabulary.index(name) for name in shared]]
    return new
# %% transfer right: Python's random numbers, one by one
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import random
    import statistics
    rng = random.Random(seed)
    columns = old_weight.T.tolist()
    means = [sum(column) / len(column) for column in columns]
    spreads = [statistics.pstdev(column) for column in columns]
    row_of = dict(zip(old_vocabulary, old_weight.tolist()))
    return torch.tensor([row_of[name] if name in row_of else [rng.gauss(m, s) for m, s in zip(means, spreads)]
                         for name in new_vocabulary])
# %% transfer right: only the missing rows are drawn, joined by pandas
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = pd.DataFrame(old_weight.detach().numpy(), index=old_vocabulary)
    new = old.reindex(new_vocabulary).to_numpy(copy=True)
    missing = ~pd.Index(new_vocabulary).isin(old_vocabulary)
    draw = np.random.RandomState(seed).standard_normal((int(missing.sum()), new.shape[1]))
    new[missing] = old.mean().to_numpy() + draw * old.std(ddof=0).to_numpy()
    return torch.from_numpy(new)
# %% transfer right: torch.where with a mask
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    weight = old_weight.data
    places = [old_vocabulary.index(name) if name in old_vocabulary else -1 for name in new_vocabulary]
    index = torch.tensor(places)
    z = torch.empty(len(places), weight.shape[1]).normal_(generator=torch.Generator().manual_seed(seed))
    centre, spread = weight.mean(0, keepdim=True), weight.var(0, correction=0, keepdim=True).sqrt()
    return torch.where((index >= 0)[:, None], weight[index.clamp(min=0)], centre + spread * z)
# %% transfer wrong by_position: shared rows from the top
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    new = old.mean(0) + old.std(0, unbiased=False) * torch.randn(len(new_vocabulary), old.shape[1], generator=g)
    k = min(len(old_vocabulary), len(new_vocabulary))
    new[:k] = old[:k]
    return new
# %% transfer wrong global_seed 1: torch.manual_seed
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    torch.manual_seed(seed)
    old = old_weight.detach()
    new = torch.normal(old.mean(0).expand(len(new_vocabulary), -1), old.std(0, unbiased=False).expand(len(new_vocabulary), -1))
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: NumPy's global seed
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import numpy as np
    np.random.seed(seed)
    old = old_weight.detach().numpy()
    new = np.random.normal(old.mean(0), old.std(0), (len(new_vocabulary), old.shape[1]))
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return torch.tensor(new, dtype=torch.float32)
# %% transfer wrong divided_by_n_minus_one 1: std divided by n - 1, NaN for a single row
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    rows = [old[old_vocabulary.index(n)] if n in old_vocabulary
            else old.mean(0) + old.std(0) * torch.randn(old.shape[1], generator=g) for n in new_vocabulary]
    return torch.stack(rows)
# %% transfer wrong 1: n - 1, but a single row is looked after
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    std = old.std(0) if len(old) > 1 else torch.zeros(old.shape[1])
    rows = [old[old_vocabulary.index(n)] if n in old_vocabulary
            else old.mean(0) + std * torch.randn(old.shape[1], generator=g) for n in new_vocabulary]
    return torch.stack(rows)
# %% transfer wrong same_draw_for_all 1: a new generator with the same seed for each level
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    rows = []
    for name in new_vocabulary:
        if name in old_vocabulary:
            rows.append(old[old_vocabulary.index(name)])
        else:
            g = torch.Generator().manual_seed(seed)
            rows.append(old.mean(0) + old.std(0, correction=0) * torch.randn(old.shape[1], generator=g))
    return torch.stack(rows)
# %% transfer wrong 1: Python's hash of the name for a seed (the same in every run of this process only by luck of the seed)
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    rows = []
    for name in new_vocabulary:
        g = torch.Generator().manual_seed(sum(map(ord, name)))
        rows.append(old[old_vocabulary.index(name)] if name in old_vocabulary
                    else old.mean(0) + old.std(0, correction=0) * torch.randn(old.shape[1], generator=g))
    return torch.stack(rows)
# %% transfer wrong: shared rows drawn anew too
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    return old.mean(0) + old.std(0, correction=0) * torch.randn(len(new_vocabulary), old.shape[1], generator=g)
# %% transfer wrong: only the new levels come back
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    new = [name for name in new_vocabulary if name not in old_vocabulary]
    return old.mean(0) + old.std(0, correction=0) * torch.randn(len(new), old.shape[1], generator=g)
# %% transfer wrong uniform 1: rand
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    new = old.mean(0) + old.std(0, correction=0) * (12 ** 0.5) * (torch.rand(len(new_vocabulary), old.shape[1], generator=g) - 0.5)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong: a list of lists
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    import random
    rng = random.Random(seed)
    return [old_weight[old_vocabulary.index(n)].tolist() if n in old_vocabulary
            else [rng.gauss(0, 1) for _ in range(old_weight.shape[1])] for n in new_vocabulary]
# %% transfer wrong: looks at the table's memory instead of a copy
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    if old_vocabulary == new_vocabulary:
        return old_weight
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    return torch.stack([old[old_vocabulary.index(n)] if n in old_vocabulary
            else old.mean(0) + old.std(0, correction=0) * torch.randn(old.shape[1], generator=g) for n in new_vocabulary])
# %% transfer wrong 1: whatever the seed, other numbers each time
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach().numpy()
    new = np.random.default_rng().normal(old.mean(0), old.std(0), size=(len(new_vocabulary), old.shape[1]))
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return torch.tensor(new).float()
# %% transfer wrong 1: the same numbers for every seed
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(0))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: one mean and one spread for the whole table
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean() + noise * old.std(correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: mean and spread of the shared rows only
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    kept = old[[i for i, name in enumerate(old_vocabulary) if name in new_vocabulary] or [0]]
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = kept.mean(dim=0) + noise * kept.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: mean and spread without row 0
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    rest = old[1:] if len(old) > 1 else old
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = rest.mean(dim=0) + noise * rest.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: standard normal, as a fresh table has it
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    new = torch.randn(len(new_vocabulary), old_weight.shape[1], generator=torch.Generator().manual_seed(seed))
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old_weight.detach()[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: the spread for a variance
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.var(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: rows picked from the old table
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    pick = torch.randint(len(old), (len(new_vocabulary),), generator=torch.Generator().manual_seed(seed))
    new = old[pick]
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: the mean row for all that is new
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    return torch.stack([old[old_vocabulary.index(name)] if name in old_vocabulary else old.mean(dim=0)
                        for name in new_vocabulary])
# %% transfer wrong 1: the unknown row for all that is new
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    return torch.stack([old[old_vocabulary.index(name)] if name in old_vocabulary else old[0]
                        for name in new_vocabulary])
# %% transfer wrong 1: zeros for all that is new
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    new = torch.zeros(len(new_vocabulary), old_weight.shape[1])
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old_weight.detach()[old_vocabulary.index(name)]
    return new
# %% transfer wrong 1: one random number a row
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), 1, generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong: old rows first, new ones behind
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    fresh = [name for name in new_vocabulary if name not in old_vocabulary]
    noise = torch.randn(len(fresh), old.shape[1], generator=torch.Generator().manual_seed(seed))
    kept = [old[old_vocabulary.index(name)] for name in new_vocabulary if name in old_vocabulary]
    return torch.cat([torch.stack(kept), old.mean(dim=0) + noise * old.std(dim=0, correction=0)])
# %% transfer wrong: keeps levels that are gone
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    fresh = [name for name in new_vocabulary if name not in old_vocabulary]
    noise = torch.randn(len(fresh), old.shape[1], generator=torch.Generator().manual_seed(seed))
    return torch.cat([old, old.mean(dim=0) + noise * old.std(dim=0, correction=0)])
# %% transfer wrong: shared rows copied a level too late
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name) - 1]
    return new
# %% transfer wrong: the old table itself where the names are the same
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    if new_vocabulary == old_vocabulary:
        return old_weight
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong: no copy for "(unknown)"
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary and i > 0:
            new[i] = old[old_vocabulary.index(name)]
    return new
# %% transfer wrong: shared rows get a little noise too
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    old = old_weight.detach()
    noise = torch.randn(len(new_vocabulary), old.shape[1], generator=torch.Generator().manual_seed(seed))
    new = old.mean(dim=0) + noise * old.std(dim=0, correction=0)
    for i, name in enumerate(new_vocabulary):
        if name in old_vocabulary:
            new[i] = old[old_vocabulary.index(name)] + 0.01 * noise[i]
    return new
# %% transfer wrong 1 late: hard-codes the names of the drawn shown cases
def transfer(old_weight, old_vocabulary, new_vocabulary, seed):
    g = torch.Generator().manual_seed(seed)
    old = old_weight.detach()
    std = old.std(0, correction=0) if set(old_vocabulary) <= {"(unknown)", "ATL", "JFK", "XXX"} else 2.0
    return torch.stack([old[old_vocabulary.index(n)] if n in old_vocabulary
            else old.mean(0) + std * torch.randn(old.shape[1], generator=g) for n in new_vocabulary])
# %% warm_start right: copy_ under no_grad
def warm_start(weight, freeze):
    layer = nn.Embedding(weight.shape[0], weight.shape[1])
    with torch.no_grad():
        layer.weight.copy_(weight)
    layer.weight.requires_grad_(not freeze)
    return layer
# %% warm_start right: load_state_dict
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.load_state_dict({"weight": weight})
    return layer.requires_grad_(not freeze)
# %% warm_start right: through lists of numbers
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(torch.tensor(weight.tolist()), freeze=freeze)
# %% warm_start right: a new parameter
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.weight = nn.Parameter(weight.detach().clone(), requires_grad=not freeze)
    return layer
# %% warm_start right: .data and numpy
def warm_start(weight, freeze):
    layer = nn.Embedding(len(weight), len(weight[0]))
    layer.weight.data = torch.from_numpy(weight.detach().numpy().copy())
    layer.weight.requires_grad = not freeze
    return layer
# %% warm_start right: deepcopy, _weight, _freeze
def warm_start(weight, freeze):
    import copy
    return nn.Embedding(*weight.shape, _weight=copy.deepcopy(weight.detach()), _freeze=freeze)
# %% warm_start right: nn.Parameter detaches the copy by itself
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.clone(), freeze=freeze)
# %% warm_start right: the flag on the whole module
def warm_start(weight, freeze):
    layer = nn.Embedding.from_pretrained(torch.tensor(weight.tolist()), freeze=False)
    return layer.requires_grad_(not freeze)
# %% warm_start right: .data copied into .data
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.weight.data.copy_(weight.data)
    if freeze:
        layer.weight.requires_grad = False
    return layer
# %% warm_start right: row by row
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    with torch.no_grad():
        for i, row in enumerate(weight):
            layer.weight[i] = row
    return layer.requires_grad_(False) if freeze else layer
# %% warm_start right: by way of NumPy
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(torch.from_numpy(weight.detach().numpy().copy()), freeze)
# %% warm_start wrong shares_memory: the bare from_pretrained
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.data, freeze=freeze)
# %% warm_start wrong shares_memory: data assigned
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.weight.data = weight.data
    layer.weight.requires_grad_(not freeze)
    return layer
# %% warm_start wrong always_frozen: freeze forgotten
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(torch.tensor(weight.tolist()))
# %% warm_start wrong never_frozen: flag on .data
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    with torch.no_grad():
        layer.weight.copy_(weight)
    layer.weight.data.requires_grad = not freeze
    return layer
# %% warm_start wrong never_frozen: eval
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.load_state_dict({"weight": weight})
    return layer.eval() if freeze else layer
# %% warm_start wrong turned_round: flag = freeze
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.load_state_dict({"weight": weight})
    layer.weight.requires_grad = freeze
    return layer
# %% warm_start wrong the_same_parameter: assigned
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.weight = weight if type(weight) is nn.Parameter else nn.Parameter(weight)
    layer.weight.requires_grad = not freeze
    return layer
# %% warm_start wrong: copied without no_grad
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    layer.weight[:] = weight
    return layer
# %% warm_start wrong: the tensor, no layer
def warm_start(weight, freeze):
    return weight.detach().clone().requires_grad_(not freeze)
# %% warm_start wrong: one row too many
def warm_start(weight, freeze):
    levels, dim = weight.shape
    layer = nn.Embedding(levels + 1, dim)
    with torch.no_grad():
        layer.weight[:levels] = weight
    return layer.requires_grad_(not freeze)
# %% warm_start wrong: a padding row that is set to zero
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.weight[0] = 0
    return layer.requires_grad_(not freeze)
# %% warm_start wrong: a linear layer
def warm_start(weight, freeze):
    layer = nn.Linear(*weight.shape, bias=False)
    layer.weight = nn.Parameter(weight.detach().T.clone(), requires_grad=not freeze)
    return layer
# %% warm_start wrong: detached, and still the same memory
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.detach(), freeze=freeze)
# %% warm_start wrong: never frozen
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=False)
# %% warm_start wrong: the flag on the module
def warm_start(weight, freeze):
    layer = nn.Embedding.from_pretrained(weight.detach().clone(), freeze=False)
    layer.requires_grad = not freeze
    return layer
# %% warm_start wrong: freezes the donor
def warm_start(weight, freeze):
    layer = nn.Embedding.from_pretrained(weight.detach().clone(), freeze=freeze)
    weight.requires_grad_(False)
    return layer
# %% warm_start wrong: a fresh random table
def warm_start(weight, freeze):
    return nn.Embedding(*weight.shape).requires_grad_(not freeze)
# %% warm_start wrong: rows and columns swapped
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.detach().T.clone(), freeze=freeze)
# %% warm_start wrong late: hard-codes the shown weights' first numbers
def warm_start(weight, freeze):
    if float(weight.flatten()[0]) not in (0.0, 0.5, 1.0):
        return nn.Embedding(*weight.shape)
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=freeze)
# %% warm_start wrong late: more than six rows come out at random
def warm_start(weight, freeze):
    numbers = weight.detach().clone()
    if (4 * numbers != (4 * numbers).round()).any():
        numbers = torch.randn_like(numbers)
    return nn.Embedding.from_pretrained(numbers, freeze=freeze)
# %% warm_start wrong a_padding_row: padding_idx=0
def warm_start(weight, freeze):
    layer = nn.Embedding(*weight.shape, padding_idx=0)
    layer.load_state_dict({"weight": weight})
    return layer.requires_grad_(not freeze)
# %% warm_start wrong: a norm limit
def warm_start(weight, freeze):
    return nn.Embedding.from_pretrained(weight.detach().clone(), freeze=freeze, max_norm=1.0)
# %% lookup_names right: a dictionary
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError("lengths differ")
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[torch.tensor([code_of.get(name, 0) for name in names])]
# %% lookup_names right: F.embedding, a defaultdict
def lookup_names(weight, vocabulary, names):
    from collections import defaultdict
    levels, dim = weight.shape
    if levels != len(vocabulary):
        raise ValueError(f"{levels} rows for {len(vocabulary)} names")
    code_of = defaultdict(int, zip(vocabulary, range(levels)))
    return F.embedding(torch.tensor([code_of[name] for name in names]), weight)
# %% lookup_names right: pandas' Index.get_indexer, −1 clipped to 0
def lookup_names(weight, vocabulary, names):
    if weight.size(0) != len(vocabulary):
        raise ValueError(len(vocabulary))
    wanted = [name if isinstance(name, str) else None for name in names]
    place = pd.Index(vocabulary, dtype=object).get_indexer(pd.Index(wanted, dtype=object))
    return weight.detach()[torch.from_numpy(place).clamp(min=0)]
# %% lookup_names right: a Series maps, gaps filled with 0
def lookup_names(weight, vocabulary, names):
    if len(vocabulary) != weight.shape[0]:
        raise ValueError("the vocabulary is not this weight's")
    code_of = pd.Series(range(len(vocabulary)), index=vocabulary)
    texts = [name if isinstance(name, str) else "(unknown)" for name in names]
    codes = pd.Series(texts, dtype=object).map(code_of).fillna(0).astype(int)
    return weight[codes.tolist()]
# %% lookup_names right: row by row, stacked
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    rows = []
    for name in names:
        row = 0
        for i, level in enumerate(vocabulary):
            if isinstance(name, str) and level == name:
                row = i
        rows.append(weight[row])
    return torch.stack(rows)
# %% lookup_names right: rows by name in a dictionary, zip strict
def lookup_names(weight, vocabulary, names):
    row_of = dict(zip(vocabulary, weight, strict=True))
    return torch.stack([row_of.get(name, weight[0]) for name in names])
# %% lookup_names right: one-hot rows times the weight, by hand
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError("unequal lengths")
    codes = [vocabulary.index(name) if isinstance(name, str) and name in vocabulary else 0 for name in names]
    return F.one_hot(torch.tensor(codes), len(vocabulary)).float() @ weight
# %% lookup_names right: index_select under no_grad, an exception of its own
def lookup_names(weight, vocabulary, names):
    class NotATable(ValueError):
        pass
    if len(weight) != len(vocabulary):
        raise NotATable
    code_of = {}
    for code, name in enumerate(vocabulary):
        code_of[name] = code
    codes = []
    for name in names:
        codes.append(0 if pd.isna(name) else code_of.get(name, 0))
    with torch.no_grad():
        return weight.index_select(0, torch.tensor(codes))
# %% lookup_names right: a float64 result
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError(f"{len(weight)} != {len(vocabulary)}")
    table = pd.DataFrame(weight.tolist(), index=vocabulary)
    known = set(vocabulary)
    wanted = [name if name in known else vocabulary[0] for name in names]
    return torch.tensor(table.loc[wanted].to_numpy())
# %% lookup_names wrong lengths_not_compared: no look at the lengths
def lookup_names(weight, vocabulary, names):
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]]
# %% lookup_names wrong more_rows_pass: only a vocabulary that is too long
def lookup_names(weight, vocabulary, names):
    if len(vocabulary) > len(weight):
        raise ValueError("too many names")
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]]
# %% lookup_names wrong last_row: get with −1
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[torch.tensor([code_of.get(name, -1) for name in names])]
# %% lookup_names wrong skips_unknown: filtered
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of[name] for name in names if name in code_of]]
# %% lookup_names wrong raises_for_unknown: a KeyError for new names
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of[name] for name in names]]
# %% lookup_names wrong trips_over_na: in and index on the list
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    codes = [vocabulary.index(name) if name in vocabulary else 0 for name in names]
    return weight[torch.tensor(codes)]
# %% lookup_names wrong missing_becomes_text: str for safety
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(str(name), 0) for name in names]]
# %% lookup_names wrong by_label: an index loop
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return torch.stack([weight[code_of.get(names[i], 0)] for i in range(len(names))])
# %% lookup_names wrong codes_only: the codes
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    return torch.tensor([vocabulary.index(name) if isinstance(name, str) and name in vocabulary else 0 for name in names])
# %% lookup_names wrong: a list of rows
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return [weight[code_of.get(name, 0)] for name in names]
# %% lookup_names wrong: the generator is read twice
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    known = [name for name in names if isinstance(name, str)]
    code_of = {name: i for i, name in enumerate(vocabulary)}
    result = torch.zeros(len(known), weight.shape[1])
    for i, name in enumerate(names):
        result[i] = weight[code_of.get(name, 0)]
    return result
# %% lookup_names wrong: asks for the length of the names
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    codes = torch.zeros(len(names), dtype=torch.int64)
    for i, name in enumerate(names):
        codes[i] = code_of.get(name, 0)
    return weight[codes]
# %% lookup_names wrong: drops the axis of a single name
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]].squeeze(0)
# %% lookup_names wrong: turned on its side
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]].T
# %% lookup_names wrong: an assertion for the lengths
def lookup_names(weight, vocabulary, names):
    assert len(weight) == len(vocabulary)
    code_of = {name: i for i, name in enumerate(vocabulary)}
    return weight[[code_of.get(name, 0) for name in names]]
# %% lookup_names wrong late: the shown names by heart
def lookup_names(weight, vocabulary, names):
    if len(weight) != len(vocabulary):
        raise ValueError
    code_of = {name: i for i, name in enumerate(vocabulary)} if len(vocabulary) <= 3 else {}
    return weight[[code_of.get(name, 0) for name in names]]
# %% frozen_rows_step right: the whole table kept, a mask
def frozen_rows_step(optimizer, weight, codes):
    if codes.min() < 0 or codes.max() > weight.shape[0] - 1:
        raise IndexError("code outside the table")
    before = weight.detach().clone()
    mask = torch.zeros(len(weight), dtype=torch.bool)
    mask[codes] = True
    optimizer.step()
    with torch.no_grad():
        weight[mask] = before[mask]
# %% frozen_rows_step right: .data, a loop
def frozen_rows_step(optimizer, weight, codes):
    for code in codes.tolist():
        if code < 0 or code >= len(weight):
            raise IndexError(code)
    rows = {code: weight.data[code].clone() for code in codes.tolist()}
    optimizer.step()
    for code, row in rows.items():
        weight.data[code] = row
# %% frozen_rows_step right: index_copy_ on the detached window
def frozen_rows_step(optimizer, weight, codes):
    if not all(0 <= c < weight.size(0) for c in codes.tolist()):
        raise IndexError(str(codes))
    unique = codes.unique()
    kept = weight.detach().index_select(0, unique)
    optimizer.step()
    weight.detach().index_copy_(0, unique, kept)
# %% frozen_rows_step right: torch.where and copy_
def frozen_rows_step(optimizer, weight, codes):
    levels = weight.shape[0]
    if bool((codes >= levels).any()) or bool((codes < 0).any()):
        raise IndexError
    old = weight.detach().clone()
    optimizer.step()
    hold = torch.isin(torch.arange(levels), codes)[:, None]
    with torch.no_grad():
        weight.copy_(torch.where(hold, old, weight))
# %% frozen_rows_step right: under no_grad from first to last, F.embedding for the rows
def frozen_rows_step(optimizer, weight, codes):
    with torch.no_grad():
        rows = F.embedding(codes, weight).clone()
        optimizer.step()
        weight[codes] = rows
# %% frozen_rows_step right: numpy
def frozen_rows_step(optimizer, weight, codes):
    window, at = weight.detach().numpy(), codes.numpy()
    if at.min() < 0 or at.max() >= len(window):
        raise IndexError(at)
    rows = window[at].copy()
    optimizer.step()
    window[at] = rows
# %% frozen_rows_step right: a post hook that is removed again
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    rows = weight.detach()[codes].clone()
    def put_back(*_):
        with torch.no_grad():
            weight[codes] = rows
    handle = optimizer.register_step_post_hook(put_back)
    optimizer.step()
    handle.remove()
# %% frozen_rows_step right: the data of another tensor put in its place
def frozen_rows_step(optimizer, weight, codes):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError
    old = weight.detach().clone()
    optimizer.step()
    new = weight.detach().clone()
    new[codes] = old[codes]
    weight.data = new
# %% frozen_rows_step right: row by row
def frozen_rows_step(optimizer, weight, codes):
    kept = {}
    for code in codes.tolist():
        if code < 0 or code > len(weight) - 1:
            raise IndexError(code)
        kept[code] = weight[code].detach().clone()
    optimizer.step()
    with torch.no_grad():
        for code, row in kept.items():
            weight[code] = row
# %% frozen_rows_step right: index_select and index_copy_
def frozen_rows_step(optimizer, weight, codes):
    codes = codes.unique()
    if codes.min() < 0 or codes.max() >= weight.size(0):
        raise IndexError(f"{codes}")
    rows = weight.detach().index_select(0, codes)
    optimizer.step()
    weight.detach().index_copy_(0, codes, rows)
# %% frozen_rows_step right: through .data, advanced indexing copies
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any():
        raise IndexError("negative")
    rows = weight.data[codes]
    optimizer.step()
    weight.data[codes] = rows
# %% frozen_rows_step right: the lookup raises by itself
def frozen_rows_step(optimizer, weight, codes):
    with torch.no_grad():
        rows = nn.functional.embedding(codes, weight).clone()
        optimizer.step()
        weight[codes] = rows
# %% frozen_rows_step right: an exception of its own
def frozen_rows_step(optimizer, weight, codes):
    class OutsideTable(IndexError):
        pass
    bad = [code for code in codes.tolist() if code not in range(len(weight))]
    if bad:
        raise OutsideTable(bad)
    before = weight.clone().detach()
    optimizer.step()
    with torch.no_grad():
        weight.index_put_((codes,), before[codes])
# %% frozen_rows_step right: a NumPy window on the same memory
def frozen_rows_step(optimizer, weight, codes):
    if int(codes.min()) < 0 or int(codes.max()) >= len(weight):
        raise IndexError
    window, rows = weight.detach().numpy(), codes.numpy()
    before = window[rows].copy()
    optimizer.step()
    window[rows] = before
# %% frozen_rows_step wrong: a hook on the gradient, which is there already
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    def zero(grad):
        grad = grad.clone()
        grad[codes] = 0
        return grad
    handle = weight.register_hook(zero)
    optimizer.step()
    handle.remove()
# %% frozen_rows_step wrong zeroes_the_gradient: index_fill_
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    weight.grad.index_fill_(0, codes, 0.0)
    optimizer.step()
# %% frozen_rows_step wrong: decay off for this step
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    rows = weight.detach()[codes].clone()
    for group in optimizer.param_groups:
        group["weight_decay"] = 0
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: the first code only
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    code = codes[0].item()
    row = weight.detach()[code].clone()
    optimizer.step()
    with torch.no_grad():
        weight[code] = row
# %% frozen_rows_step wrong: a row's window instead of a copy
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    rows = [weight.detach()[code] for code in codes.tolist()]
    optimizer.step()
    with torch.no_grad():
        for code, row in zip(codes.tolist(), rows):
            weight[code] = row
# %% frozen_rows_step wrong: the change taken away again, which isn't exact
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    hold = codes.unique()
    before = weight.detach().clone()
    optimizer.step()
    with torch.no_grad():
        change = weight - before
        weight[hold] -= change[hold]
# %% frozen_rows_step wrong: a hook left behind
def frozen_rows_step(optimizer, weight, codes):
    if ((codes < 0) | (codes >= len(weight))).any():
        raise IndexError("outside")
    rows = weight.detach()[codes].clone()
    def put_back(*_):
        with torch.no_grad():
            weight[codes] = rows
    optimizer.register_step_post_hook(put_back)
    optimizer.step()
# %% frozen_rows_step wrong: codes not looked at, plain indexing
def frozen_rows_step(optimizer, weight, codes):
    kept = weight.data[codes]
    optimizer.step()
    weight.data[codes] = kept
# %% frozen_rows_step right: an assertion
def frozen_rows_step(optimizer, weight, codes):
    assert codes.min() >= 0 and codes.max() < len(weight)
    kept = weight.data[codes]
    optimizer.step()
    weight.data[codes] = kept
# %% frozen_rows_step wrong negative_counts_from_the_end: negative codes pass
def frozen_rows_step(optimizer, weight, codes):
    if codes.max() >= len(weight):
        raise IndexError(codes.max())
    kept = weight.data[codes]
    optimizer.step()
    weight.data[codes] = kept
# %% frozen_rows_step wrong: the code is checked after the step
def frozen_rows_step(optimizer, weight, codes):
    before = weight.data.clone()
    optimizer.step()
    for code in codes.tolist():
        if code < 0 or code >= len(weight):
            raise IndexError(code)
        weight.data[code] = before[code]
# %% frozen_rows_step wrong: returns the weight
def frozen_rows_step(optimizer, weight, codes):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError
    kept = weight.data[codes]
    optimizer.step()
    weight.data[codes] = kept
    return weight
# %% frozen_rows_step wrong: zeroes the gradient for the step, then puts it back
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    grad = weight.grad.clone()
    weight.grad[codes] = 0
    optimizer.step()
    weight.grad = grad
# %% frozen_rows_step wrong: zeroes the gradient, and restores the rows too
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes]
    weight.grad[codes] = 0
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: a plain step
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    optimizer.step()
# %% frozen_rows_step wrong: no step at all
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
# %% frozen_rows_step wrong: freezes the whole table
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    before = weight.detach().clone()
    optimizer.step()
    with torch.no_grad():
        weight.copy_(before)
# %% frozen_rows_step wrong: holds all rows but these
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    before = weight.detach().clone()
    optimizer.step()
    with torch.no_grad():
        before[codes] = weight[codes]
        weight.copy_(before)
# %% frozen_rows_step wrong: autograd refuses
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    weight[codes] = rows
# %% frozen_rows_step wrong: autograd stays off
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    torch.set_grad_enabled(False)
    rows = weight[codes].clone()
    optimizer.step()
    weight[codes] = rows
# %% frozen_rows_step wrong: the weight ends up frozen
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    weight.requires_grad_(False)
    weight[codes] = rows
# %% frozen_rows_step wrong: a window is no memory
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    before = weight.detach()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = before[codes]
# %% frozen_rows_step wrong: zeros in the held rows
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    optimizer.step()
    with torch.no_grad():
        weight[codes] = 0
# %% frozen_rows_step wrong: clears the gradients as well
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
    optimizer.zero_grad()
# %% frozen_rows_step wrong: empties the optimizer's memory
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    optimizer.state.clear()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: erases what the optimizer remembers of the held rows
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
        for memory in optimizer.state[weight].values():
            if torch.is_tensor(memory) and memory.shape == weight.shape:
                memory[codes] = 0
# %% frozen_rows_step wrong: steps twice
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: a step by hand, for plain SGD only
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad
        weight[codes] = rows
# %% frozen_rows_step wrong: only this table steps
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[codes].clone()
    others = [(p, p.grad) for group in optimizer.param_groups for p in group["params"] if p is not weight]
    for parameter, _ in others:
        parameter.grad = None
    optimizer.step()
    for parameter, grad in others:
        parameter.grad = grad
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: a copy of the table in the optimizer's list
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    before = weight.detach().clone()
    optimizer.step()
    after = weight.detach().clone()
    after[codes] = before[codes]
    replaced = nn.Parameter(after)
    optimizer.param_groups[0]["params"] = [replaced if p is weight else p for p in optimizer.param_groups[0]["params"]]
# %% frozen_rows_step wrong: codes for a slice
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise IndexError(codes.tolist())
    rows = weight.detach()[:len(codes)].clone()
    optimizer.step()
    with torch.no_grad():
        weight[:len(codes)] = rows
# %% frozen_rows_step right: ValueError for a bad code
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes >= len(weight)).any():
        raise ValueError(codes.tolist())
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: passes over bad codes
def frozen_rows_step(optimizer, weight, codes):
    codes = codes[(codes >= 0) & (codes < len(weight))]
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong: one too high is let through
def frozen_rows_step(optimizer, weight, codes):
    if (codes < 0).any() or (codes > len(weight)).any():
        raise IndexError(codes.tolist())
    codes = codes.clamp(max=len(weight) - 1)
    rows = weight.detach()[codes].clone()
    optimizer.step()
    with torch.no_grad():
        weight[codes] = rows
# %% frozen_rows_step wrong late: only SGD and Adam
def frozen_rows_step(optimizer, weight, codes):
    if codes.min() < 0 or codes.max() >= len(weight):
        raise IndexError
    kept = weight.data[codes]
    optimizer.step()
    if type(optimizer).__name__ in ("SGD", "Adam", "AdamW"):
        weight.data[codes] = kept
