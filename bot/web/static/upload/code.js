/* The short address: a code typed on the computer where the data is. */
import { facts, translate, words } from "./words.js";

translate();
if (facts.trouble) {
  const line = document.getElementById("trouble");
  line.textContent = words[facts.trouble];
  line.hidden = false;
}
