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
    .${FOLDED} { display: flex; flex-direction: column; }
    .${FOLDED} > .ec-unfold { display: block; order: -1; align-self: flex-start; }
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

  // The text after the cell that marks a guess explains what came out. It shows once something has. Nothing of this is
  // saved: it follows from the outputs that are there.
  function foldExplanations(notebook, folds) {
    let marks = null;
    for (const cell of notebook.widgets) {
      const source = cell.model.sharedModel.source;
      if (cell.model.type === "code") {
        marks = /\bmarked\(|\bshow_step\(.*guess/.test(source) ? cell : marks;
      } else if (marks && cell.model.type === "markdown") {
        if (!cell.model.getMetadata("nbgrader") && !/^\s*#/.test(source)) {
          fold(notebook, marks, cell, folds);
        }
        marks = null;
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

  const going = new WeakMap();

  // Cells take a moment to get their place: until then JupyterLab scrolls to nowhere.
  async function goTo(panel, id) {
    const notebook = panel.content;
    going.set(panel, id);   // whoever asks last
    await panel.revealed;
    const at = notebook.widgets.findIndex((cell) => cell.model.id === id);
    if (at < 0) {
      return;
    }
    notebook.activeCellIndex = at;
    const node = notebook.widgets[at].node;
    for (let seen = 0, tries = 0; seen < 3 && tries < 30 && going.get(panel) === id; tries += 1) {
      if (node.isConnected) {
        node.scrollIntoView();
      } else {
        notebook.scrollToItem(at, "start").catch(() => null);
      }
      const below = node.getBoundingClientRect().top - notebook.node.getBoundingClientRect().top;
      seen = node.isConnected && node.offsetHeight && below < notebook.node.clientHeight ? seen + 1 : 0;
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  const named = new WeakSet();

  // Links to a cell of a lesson go there. JupyterLab asks the panel at once, and the panel its content when that has come.
  function followLinks(panel) {
    const notebook = panel.content, follow = notebook.setFragment;
    notebook.setFragment = (fragment) => {
      const id = /^#?cell-id=(.+)$/.exec(fragment)?.[1];
      named.add(panel);
      return id && isLesson(panel) ? goTo(panel, id) : follow.call(notebook, fragment);
    };
  }

  // A lesson opens where it was left, where no link names a cell.
  function reopenWhereLeft(panel) {
    const key = `embedding-course:${panel.context.path}`;
    const left = localStorage.getItem(key);
    panel.revealed.then(() => named.has(panel) || !left || goTo(panel, left));
    panel.content.activeCellChanged.connect((_, cell) => cell && localStorage.setItem(key, cell.model.id));
  }

  function isLesson(panel) {
    return panel.context.model.getMetadata("embedding_course");
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
      attempt(followLinks, panel);
      await panel.context.ready;
      if (!isLesson(panel)) {
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
