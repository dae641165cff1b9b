// Keeps a learner's start page fresh, folds explanations until there is something to explain, lets a double-click write,
// reopens lessons where they were left; opens feedback where it is asked for, and Formgrader for an instructor.
// Written by hand in the form that JupyterLab loads, so that nothing has to be built with node.
(() => {
  const PAGE = "START.md";
  const ID = "embedding-course:start";
  const FOLDED = "ec-folded";
  const STYLE = `
    .ec-unfold { display: none; font: inherit; color: inherit; background: transparent; border: 1px solid currentColor;
      border-radius: .3em; padding: .3em .8em; margin: .4em 0 .4em 5em; cursor: pointer; text-align: left; max-width: 80%; }
    .${FOLDED} > .ec-unfold { display: block; }
    .${FOLDED} .jp-RenderedMarkdown > :not(h1, h2, h3, h4, h5, h6, :is(h1, h2, h3, h4, h5, h6) ~ *) { display: none; }`;
  let shared;

  async function imported(name) {
    const versions = shared[name];
    return (await versions[Object.keys(versions).at(-1)].get())();
  }

  // A check that passes, and a guess, write the page anew. Whoever sees it, or comes back to it, finds it so.
  function reload(widget) {
    const context = widget?.context;
    if (context?.path === PAGE && widget.isVisible && !context.model.dirty) {
      context.revert();
    }
  }

  function keepFresh(app, actions) {
    app.shell.currentChanged.connect((_, change) => reload(change.newValue));
    actions?.executed.connect(() => [...app.shell.widgets("main")].forEach(reload));
  }

  // The assignment list's "view feedback" only goes to the folder; this opens the page that lies in it, and goes back.
  function openFeedback(app) {
    app.commands.commandExecuted.connect((_, { id, args, result }) => {
      const lesson = id === "filebrowser:go-to-path" && /^([^/]+)\/feedback\/[^/]+$/.exec(args.path)?.[1];
      if (lesson) {
        result.then(() => app.commands.execute("docmanager:open", { path: `${args.path}/${lesson}.html` }))
          .then(() => app.commands.execute(id, { path: "/" }));
      }
    });
  }

  // An instructor has come for Formgrader, which needs the width of the file browser.
  async function openFormgrader(app) {
    app.shell.collapseLeft();
    await app.commands.execute("nbgrader:open-formgrader");
  }

  function addStartPage(app, launcher) {
    const execute = () => app.commands.execute("docmanager:open", { path: PAGE });
    app.commands.addCommand("embedding-course:start", { label: "Start page", iconClass: "jp-MarkdownIcon", execute });
    launcher?.add({ command: "embedding-course:start", category: "Course", rank: 1 });
  }

  const said = (cell) => cell.model.getMetadata("embedding_course") ?? {};

  // A double-click on a text shows its source, but JupyterLab stays in command mode: what one types then runs as commands.
  function writeOnDoubleClick(notebook) {
    notebook.node.addEventListener("dblclick", () => setTimeout(() => {
      const cell = notebook.activeCell;
      if (cell?.model.type === "markdown" && !cell.rendered && notebook.mode !== "edit") {
        notebook.mode = "edit";
        cell.editor?.focus();
      }
    }));
  }

  // The text after the cell that runs on a guess explains what came out. It shows once something has. Nothing of this is
  // saved: it follows from the outputs that are there.
  function foldExplanations(notebook, folds) {
    let waiting = null;
    for (const cell of notebook.widgets) {
      if ("guess" in said(cell)) {
        waiting = "runs";
      } else if (waiting === "runs" && cell.model.type === "code") {
        waiting = cell;
      } else if (waiting && waiting !== "runs" && cell.model.type === "markdown") {
        if (!cell.model.getMetadata("nbgrader")) {
          fold(notebook, waiting, cell, folds);
        }
        waiting = null;
      }
    }
  }

  function fold(notebook, runs, text, folds) {
    if (runs.model.outputs.length || text.node.querySelector(":scope > .ec-unfold")) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ec-unfold";
    button.setAttribute("aria-expanded", "false");
    button.textContent = "▸ What came out is explained here: run the cell above first, or open it now";
    const open = () => {
      text.removeClass(FOLDED);
      button.setAttribute("aria-expanded", "true");
      button.remove();
      runs.model.outputs.changed.disconnect(came);
    };
    const came = () => runs.model.outputs.length && open();
    button.addEventListener("keydown", (event) => event.stopPropagation());
    button.addEventListener("click", () => {
      open();
      notebook.activeCellIndex = notebook.widgets.indexOf(text);
      text.node.focus();
    });
    runs.model.outputs.changed.connect(came);
    text.node.append(button);
    text.addClass(FOLDED);
    folds.push(open);
  }

  // A lesson opens where it was left. A link that names a place wins.
  function reopenWhereLeft(panel) {
    const key = `embedding-course:${panel.context.path}`, notebook = panel.content;
    const left = localStorage.getItem(key);
    const at = notebook.widgets.findIndex((cell) => cell.model.id === left);
    if (at > 0 && notebook.activeCellIndex === 0) {
      notebook.activeCellIndex = at;
      notebook.scrollToItem(at, "start");
    }
    notebook.activeCellChanged.connect((_, cell) => cell && localStorage.setItem(key, cell.model.id));
  }

  // Each part on its own: where one fails, the text shows and JupyterLab is as it is.
  function attempt(part, ...given) {
    try {
      part(...given);
    } catch (error) {
      console.warn("embedding-course:", error);
    }
  }

  async function tendLessons(tracker, settings) {
    const folds = [], folding = () => settings?.get("foldExplanations").composite !== false;
    settings?.changed.connect(() => folding() || folds.splice(0).forEach((open) => open()));
    const tend = async (panel) => {
      await panel.context.ready;
      if (!panel.context.model.getMetadata("embedding_course")) {
        return;
      }
      attempt(writeOnDoubleClick, panel.content);
      attempt(reopenWhereLeft, panel);
      if (folding()) {
        attempt(foldExplanations, panel.content, folds);
      }
    };
    tracker.forEach(tend);
    tracker.widgetAdded.connect((_, panel) => tend(panel));
  }

  async function load() {
    const { ILauncher } = await imported("@jupyterlab/launcher");
    const { INotebookTracker, NotebookActions } = await imported("@jupyterlab/notebook");
    const { ISettingRegistry } = await imported("@jupyterlab/settingregistry");
    const plugin = {
      id: ID,
      autoStart: true,
      optional: [ILauncher, INotebookTracker, ISettingRegistry],
      activate: (app, launcher, tracker, registry) => {
        const style = document.createElement("style");
        style.textContent = STYLE;
        document.head.append(style);
        attempt(keepFresh, app, NotebookActions);
        openFeedback(app);
        if (tracker) {
          Promise.resolve(registry?.load(ID)).catch(() => null).then((settings) => tendLessons(tracker, settings));
        }
        app.restored.then(() => app.commands.hasCommand("nbgrader:open-formgrader")
          ? openFormgrader(app) : addStartPage(app, launcher));
      },
    };
    return () => ({ __esModule: true, default: plugin });
  }

  (window._JUPYTERLAB = window._JUPYTERLAB || {})["embedding-course"] = {
    init: (scope) => { shared = scope; },
    get: load,
  };
})();
