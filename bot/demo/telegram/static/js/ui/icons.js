// The page's line icons, drawn on a 24 × 24 grid.

const PATHS = {
  back: ["M15 5l-7 7 7 7"],
  send: ["M4 12l16-8-5 16-3.5-6.5z", "M11.5 13.5L20 4"],
  attach: ["M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h10"],
  down: ["M6 9l6 6 6-6"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  copy: ["M9 9h10v11H9z", "M5 15V4h10"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  reply: ["M10 6L4 12l6 6", "M4 12h10a6 6 0 0 1 6 6v1"],
  link: ["M8 8h8v8", "M16 8L7 17"],
  silent: ["M6 16v-5a6 6 0 0 1 9-5.2", "M18 10v6", "M4 16h12", "M10 19.5a2.2 2.2 0 0 0 4 0", "M4 4l16 16"],
  theme: ["M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z"],
  panel: ["M4 5h16v14H4z", "M14.5 5v14", "M17 9h0", "M17 12h0"],
  file: ["M7 3h7l4 4v14H7z", "M14 3v5h4"],
  download: ["M12 4v11", "M7 11l5 5 5-5", "M5 20h14"],
  expand: ["M7 9.5l5 5 5-5"],
  speed: ["M5 18a8.5 8.5 0 1 1 14 0", "M12 14l4-5"],
  pause: ["M8 5v14", "M16 5v14"],
  play: ["M8 5l11 7-11 7z"],
  reset: ["M5 12a7 7 0 1 0 2.3-5.2", "M5 4v4h4"],
  bolt: ["M13 3L5 14h6l-1 7 8-11h-6z"],
  anchor: ["M12 8v12", "M12 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z", "M8 11h8", "M4 14c.5 4 4 6 8 6s7.5-2 8-6"],
  group: ["M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z", "M2.5 20a6.5 6.5 0 0 1 13 0", "M16 4.3a3.5 3.5 0 0 1 0 6.4", "M18 14a6.5 6.5 0 0 1 3.5 6"],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M9 9h0"],
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const shape of PATHS[name]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/** The Bot API's heart has no colour of its own. */
export function coloured(emoji) {
  return emoji.replace("❤", "❤\uFE0F");
}
