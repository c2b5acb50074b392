// The page's requests to the emulated Telegram and to the lab around it.

import { t } from "./words.js";

const SILENT = 504;
const SAID = { "an empty text can't be sent": "no-text", "this message is gone": "button-gone" };

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Why a request did not work, in the reader's language where the reason is one a reader can meet. */
export function why(problem) {
  if (!(problem instanceof Refused) || !problem.status) return t("no-connection");
  if (problem.status === SILENT) return t("bot-silent", { error: problem.message });
  return problem.message in SAID ? t(SAID[problem.message]) : problem.message;
}

async function answer(response) {
  const type = response.headers.get("content-type") ?? "";
  const body = type.includes("json") ? await response.json() : await response.text();
  if (!response.ok) throw new Refused(body?.error ?? body?.description ?? response.statusText, response.status);
  return body;
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(given).toString();
}

export async function get(path, values = {}) {
  const asked = query(values);
  return answer(await fetch(asked ? `${path}?${asked}` : path, { headers: { accept: "application/json" } }));
}

export async function post(path, body = {}) {
  return answer(
    await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** Sends files with progress (0…1); fetch cannot tell how far an upload is. */
export function upload(fields, files, onProgress) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined && value !== "") form.append(name, String(value));
  }
  for (const file of files) form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/chat/upload");
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new Refused("", 0)));
    request.addEventListener("load", () => {
      let body = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = { error: request.responseText.slice(0, 200) };
      }
      if (request.status < 300) resolve(body);
      else reject(new Refused(body?.error ?? body?.description ?? request.statusText, request.status));
    });
    request.send(form);
  });
}

export function fileAddress(fileId) {
  return `/chat/file/${encodeURIComponent(fileId)}`;
}
