// Keeps a learner's start page fresh, opens feedback where it is asked for, and Formgrader for an instructor.
// Written by hand in the form that JupyterLab loads, so that nothing has to be built with node.
(() => {
  const PAGE = "START.md";
  let shared;

  async function imported(name) {
    const versions = shared[name];
    return (await versions[Object.keys(versions).at(-1)].get())();
  }

  // A check that passes writes the page anew. Whoever comes back to it finds it so.
  function reloadWhenShown(app) {
    app.shell.currentChanged.connect((_, change) => {
      const context = change.newValue?.context;
      if (context?.path === PAGE && !context.model.dirty) {
        context.revert();
      }
    });
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

  async function load() {
    const { ILauncher } = await imported("@jupyterlab/launcher");
    const plugin = {
      id: "embedding-course:start",
      autoStart: true,
      optional: [ILauncher],
      activate: (app, launcher) => {
        reloadWhenShown(app);
        openFeedback(app);
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
