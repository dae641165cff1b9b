// Keeps the start page fresh, and puts it (for learners) or Formgrader (for instructors) on the launcher.
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

  function addCard(app, launcher, id, label, execute) {
    app.commands.addCommand(id, { label, iconClass: "jp-MarkdownIcon", execute });
    launcher?.add({ command: id, category: "Course", rank: 1 });
  }

  async function load() {
    const { ILauncher } = await imported("@jupyterlab/launcher");
    const plugin = {
      id: "embedding-course:start",
      autoStart: true,
      optional: [ILauncher],
      activate: (app, launcher) => {
        reloadWhenShown(app);
        app.restored.then(() => {
          if (app.commands.hasCommand("nbgrader:open-formgrader")) {
            addCard(app, launcher, "embedding-course:formgrader", "Formgrader",
              () => app.commands.execute("nbgrader:open-formgrader"));
          } else {
            addCard(app, launcher, "embedding-course:start", "Start page",
              () => app.commands.execute("docmanager:open", { path: PAGE }));
          }
        });
      },
    };
    return () => ({ __esModule: true, default: plugin });
  }

  (window._JUPYTERLAB = window._JUPYTERLAB || {})["embedding-course"] = {
    init: (scope) => { shared = scope; },
    get: load,
  };
})();
