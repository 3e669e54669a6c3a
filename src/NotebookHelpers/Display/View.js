// The same text in every view, so that a page can allow it by its hash. A picture in an output asks its surroundings whether
// they are dark. Pages say so by their color-scheme; editors (VS Code, JupyterLab) only by a mark at their body.
(() => {
  if (document.querySelector("style[data-convnet='scheme']")) return;
  const style = document.createElement("style");
  style.dataset.convnet = "scheme";
  const views = ":is([class^='convnet-'])";
  style.textContent = `:is(.vscode-dark, .vscode-high-contrast, [data-jp-theme-light=false]) ${views} { color-scheme: dark }
    :is(.vscode-light, .vscode-high-contrast-light, [data-jp-theme-light=true]) ${views} { color-scheme: light }`;
  document.head.append(style);
})();
