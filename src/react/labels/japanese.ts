import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const japaneseLabels: InboxLabels = {
  title: "通知",
  bell: (unread) => (unread === 0 ? "通知" : plural("ja", unread, { other: "通知、未読#件" })),
  close: "閉じる",
  markAllRead: "すべて既読にする",
  clear: "すべて消去",
  clearQuestion: "すべての通知を削除しますか？",
  clearYes: "すべて削除",
  clearNo: "残す",
  markRead: "既読にする",
  markUnread: "未読にする",
  delete: "削除",
  unread: "未読",
  urgent: "緊急",
  loading: "通知を読み込み中",
  empty: "新しい通知はありません",
  emptyHint: "新しい通知はここに表示されます。",
  failed: "通知を読み込めませんでした。",
  retry: "再試行",
  offline: "オフラインです。その間の通知はここに表示されます。",
  disconnected: "接続が切れました。その間の通知はここに表示されます。",
  commandFailed: "操作に失敗しました。何も変更されていません。",
  dismiss: "閉じる",
  arrived: (count, title) =>
    count === 1 ? `新しい通知：${title}` : plural("ja", count, { other: "新しい通知が#件あります" }),
};
