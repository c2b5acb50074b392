// Times and sizes in the reader's own words.

import { language, t } from "./words.js";

const cache = new Map();
let zone; // until the lab says another: the browser's

/** From now on times are those of this zone, which the bot's own are told in, too. */
export function keepZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return; // a name this browser does not know
  }
  if (name !== zone) cache.clear();
  zone = name;
}

function format(name, options) {
  const key = `${language()}:${name}`;
  if (!cache.has(key)) {
    cache.set(key, new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en", { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return cache.get(key);
}

const at = (seconds) => new Date(seconds * 1000);

export const clock = (seconds) => format("clock", { hour: "2-digit", minute: "2-digit" }).format(at(seconds));

export const full = (seconds) => format("full", { dateStyle: "full", timeStyle: "medium" }).format(at(seconds));

export const dayKey = (seconds) => format("key", { year: "numeric", month: "numeric", day: "numeric" }).format(at(seconds));

export function dayName(seconds) {
  const key = dayKey(seconds);
  const now = Date.now() / 1000;
  if (key === dayKey(now)) return t("today");
  if (key === dayKey(now - 86400)) return t("yesterday");
  const inYear = (moment) => format("year", { year: "numeric" }).format(at(moment));
  const year = inYear(seconds) !== inYear(now);
  return format(year ? "yearday" : "day", { month: "long", day: "numeric", ...(year && { year: "numeric" }) }).format(
    at(seconds),
  );
}

/** The time, with its day in front if that is not today. */
export const moment = (seconds) => [dayKey(seconds) === dayKey(Date.now() / 1000) ? "" : dayName(seconds), clock(seconds)].join(" ").trim();

/** Time today, weekday within the week, else the date: the short form of the chat list. */
export function listTime(seconds) {
  if (dayKey(seconds) === dayKey(Date.now() / 1000)) return clock(seconds);
  if (Date.now() / 1000 - seconds < 6 * 86400) return format("week", { weekday: "short" }).format(at(seconds));
  return format("short", { month: "short", day: "numeric" }).format(at(seconds));
}

export function bytes(size) {
  const units = ["B", "KB", "MB", "GB"];
  let value = Number(size) || 0;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes < 1) return t("span-s", { s: whole });
  if (minutes < 60) return t("span-m", { m: minutes, s: whole % 60 });
  return t("span-h", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
