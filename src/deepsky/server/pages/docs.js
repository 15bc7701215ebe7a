// The theme and its brightness are those that were chosen on the page; see web/src/lib/theme.ts.
const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

const root = document.documentElement;
const theme = read("deepsky-theme") ?? "auto";
root.dataset.theme = theme;
root.style.setProperty("--red-brightness", `${read("deepsky-red-brightness") ?? 100}%`);
if (theme === "red") document.querySelector("link[rel=icon]").href = "../icon-red.svg";
root.classList.toggle(
  "dark-mode",
  ["dark", "red"].includes(theme) ||
    (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches),
);

SwaggerUIBundle({
  url: "v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
