"""Sphinx's configuration: lessons that were run before, Furo, and nothing from another server."""
extensions = ["myst_nb", "sphinx.ext.githubpages", "sphinx_copybutton", "sphinxext.opengraph"]
nb_execution_mode = "off"
nb_render_error_lexer = "none"
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]

language = "en"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "_static/favicon.svg"
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_use_index = False

if tags.has("published"):   # noqa: F821 - Sphinx's: the pages' address is known
    extensions.append("sphinx_sitemap")
sitemap_url_scheme = "{link}"   # no languages, no versions
copybutton_selector = "div.cell_input div.highlight pre, div.highlight-python pre"   # code, not what it printed
ogp_social_cards = {"enable": False}   # our picture says more than a card with the title
ogp_description_length = 200

# MathJax 2.7 as the Python package jupyter_server_mathjax brings it, with one font.
myst_update_mathjax = False   # it would write for MathJax 4
mathjax_path = "mathjax/MathJax.js"
mathjax2_config = {
    "config": ["TeX-AMS-MML_HTMLorMML-full.js", "Safe.js"],
    "tex2jax": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]], "processClass": "math"},
    "HTML-CSS": {"availableFonts": [], "preferredFont": None, "imageFont": None, "webFont": "STIX-Web",
                 "styles": {"@font-face": {"src": "local('none')"}}},   # else Chromium complains of a blank font
    "showMathMenu": False,
}
