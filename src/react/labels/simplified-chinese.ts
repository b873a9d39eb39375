import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const simplifiedChineseLabels: InboxLabels = {
  title: "通知",
  bell: (unread) => (unread === 0 ? "通知" : plural("zh-Hans", unread, { other: "通知，#条未读" })),
  close: "关闭",
  markAllRead: "全部标为已读",
  clear: "清空",
  clearQuestion: "删除所有通知？",
  clearYes: "全部删除",
  clearNo: "保留",
  markRead: "标为已读",
  markUnread: "标为未读",
  delete: "删除",
  unread: "未读",
  urgent: "紧急",
  loading: "正在加载通知",
  empty: "没有新通知",
  emptyHint: "新通知将显示在这里。",
  failed: "无法加载通知。",
  retry: "重试",
  offline: "您已离线。错过的通知将显示在这里。",
  disconnected: "连接已断开。错过的通知将显示在这里。",
  commandFailed: "操作失败，未做任何更改。",
  dismiss: "关闭",
  arrived: (count, title) =>
    count === 1 ? `新通知：${title}` : plural("zh-Hans", count, { other: "#条新通知" }),
};
