/*
 * Parts that renew themselves keep the folds that the reader opened or closed. Without this file they still renew.
 * A fold is known by its place: the id of its [data-live] region, and how many folds stand before it there.
 */
"use strict";

const chosenFolds = new Map();

function foldsOf(region) {
  return [...region.querySelectorAll("details")];
}

document.addEventListener("click", (event) => {
  const fold = event.target.closest("summary")?.parentElement;
  const region = fold?.closest("[data-live]");
  if (region) {
    chosenFolds.set(`${region.id}/${foldsOf(region).indexOf(fold)}`, !fold.open);
  }
});

document.addEventListener("htmx:afterSwap", () => {
  for (const region of document.querySelectorAll("[data-live]")) {
    for (const [index, fold] of foldsOf(region).entries()) {
      const chosen = chosenFolds.get(`${region.id}/${index}`);
      if (chosen !== undefined) {
        fold.open = chosen;
      }
    }
  }
});
