"""The picture of lesson 9: how some names came and went."""
import matplotlib.pyplot as plt
from matplotlib.ticker import StrMethodFormatter

from embedding_course.figures import INK, described


def came_and_went(table, names):
    """How common each of these names was, period after period.

    table : DataFrame with columns name, period (text that starts with a year) and per_million
    names : list of names; each is written where its line is highest
    """
    figure, ax = plt.subplots(figsize=(11, 5))
    told = []
    for name in names:
        line = table[table["name"] == name].sort_values("period")
        years = line["period"].str[:4].astype(int)
        ax.plot(years, line["per_million"], color=INK, lw=2)
        top = line["per_million"].to_numpy().argmax()
        told.append(f"{name} is commonest in {line['period'].iloc[top]}")
        ax.annotate(name, (years.iloc[top], line["per_million"].iloc[top]), (0, 5), textcoords="offset points",
                    ha="left" if top == 0 else "right" if top == len(line) - 1 else "center")
    ax.set(yscale="log", title="Names come and go", xlabel="first year of the period",
           ylabel="of a million babies", ylim=(None, 2 * table["per_million"].max()))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    return described(figure, f"{len(names)} lines over the years on a logarithmic axis: {'; '.join(told)}.")
