/*
 * Progressive enhancement, and nothing a page depends on: without this file every act still works.
 * It copies what stands beside a copy button, closes open menus, and stops htmx from writing inline styles.
 */
"use strict";

const COPIED_FOR_MILLISECONDS = 1600;

if (navigator.clipboard) {
  document.documentElement.classList.add("has-clipboard");
}

async function copyFrom(button) {
  const label = button.querySelector("[data-copy-label]");
  const before = label.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "";
  label.textContent = "Copied";
  setTimeout(() => {
    delete button.dataset.copied;
    label.textContent = before;
  }, COPIED_FOR_MILLISECONDS);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const button = event.target.closest("[data-copy]");
  if (button) {
    copyFrom(button);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    open?.querySelector("summary").focus();
  }
});
