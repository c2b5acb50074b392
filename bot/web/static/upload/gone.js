/* A download that can't be had: why, and what to do. */
import { facts, translate, words } from "./words.js";

translate();
document.title = `Pailot · ${words[facts.trouble]}`;
document.getElementById("what").textContent = words[facts.trouble];
document.getElementById("how").textContent = facts.why ?? words[facts.trouble === "trouble" ? "trouble-how" : "gone-how"];
