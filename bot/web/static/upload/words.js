/* What the pages say, in both languages, and sizes and times as people read them. */
const WORDS = {
  en: {
    title: "Upload to the storage server",
    into: "On the storage server:",
    inside: "Path inside the job:",
    drop: "Drop files or whole folders here, any size.",
    files: "Choose files",
    folder: "Choose a folder",
    again: "If the connection breaks, the upload goes on by itself. After closing this page, open the link again and choose the same files: they go on where they stopped.",
    pause: "Pause",
    resume: "Go on",
    whole: (done, all) => `${done} of ${all} files`,
    finished: (all) => `All ${all} files are there`,
    speed: (rate, left) => `${rate}/s · ${left} left`,
    waiting: "waiting",
    sending: "sending",
    checking: "checking",
    done: "there",
    exists: "There is a file of this name already.",
    replace: "Replace (the old one goes to the trash)",
    skip: "Skip",
    skipped: "skipped",
    retry: "Try again",
    broken: "No connection. It goes on by itself.",
    expired: "This link has expired. Send /upload to the bot for a new one.",
    wrong: "That code is not good. Codes live 10 minutes and open once; send /upload to the bot for a new one.",
    many: "Too many tries. Wait ten minutes.",
    code: "The code that the bot showed you:",
    "code-how": "Send /upload to the bot, on any device. It shows a code of 8 characters.",
    enter: "Open",
    failed: "It did not work.",
    more: (count) => `and ${count} more`,
  },
  zh: {
    title: "上传到存储服务器",
    into: "存储服务器上：",
    inside: "任务容器里的路径：",
    drop: "把文件或整个文件夹拖到这里，大小不限。",
    files: "选择文件",
    folder: "选择文件夹",
    again: "断线后会自动继续。关掉页面以后，重新打开链接、选择同样的文件，就会从断点继续。",
    pause: "暂停",
    resume: "继续",
    whole: (done, all) => `已完成 ${done}/${all} 个文件`,
    finished: (all) => `${all} 个文件全部到达`,
    speed: (rate, left) => `${rate}/秒 · 还要 ${left}`,
    waiting: "等待中",
    sending: "正在上传",
    checking: "正在校验",
    done: "已到达",
    exists: "已经有同名文件了。",
    replace: "替换（旧的移到回收站）",
    skip: "跳过",
    skipped: "已跳过",
    retry: "重试",
    broken: "连接断了，恢复后自动继续。",
    expired: "这个链接已过期。给机器人发 /upload 可以得到新的。",
    wrong: "代码不对。代码 10 分钟内有效，只能用一次；给机器人发 /upload 可以得到新的。",
    many: "尝试次数太多，请等十分钟。",
    code: "机器人给你的代码：",
    "code-how": "在任何设备上给机器人发 /upload，它会给出 8 位代码。",
    enter: "打开",
    failed: "没有成功。",
    more: (count) => `还有 ${count} 个`,
  },
};

export const facts = JSON.parse(document.body.dataset.facts || "{}");
const language = (facts.language || navigator.language || "en").startsWith("zh") ? "zh" : "en";
export const words = WORDS[language];

export function translate() {
  document.documentElement.lang = language;
  document.title = `Pailot · ${words.title}`;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = words[one.dataset.word];
}

export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) { bytes /= 1024; step += 1; }
  return `${bytes.toFixed(bytes < 100 && step ? 1 : 0)} ${units[step]}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${Math.max(1, Math.round(seconds))} s`;
}
