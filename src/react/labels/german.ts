import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const germanLabels: InboxLabels = {
  title: "Mitteilungen",
  bell: (unread) =>
    unread === 0 ? "Mitteilungen" : plural("de", unread, { other: "Mitteilungen, # ungelesen" }),
  close: "Schließen",
  markAllRead: "Alle gelesen",
  clear: "Leeren",
  clearQuestion: "Alle Mitteilungen löschen?",
  clearYes: "Alle löschen",
  clearNo: "Behalten",
  markRead: "Als gelesen markieren",
  markUnread: "Als ungelesen markieren",
  delete: "Löschen",
  unread: "Ungelesen",
  urgent: "Dringend",
  loading: "Mitteilungen werden geladen",
  empty: "Alles gelesen",
  emptyHint: "Neues erscheint hier.",
  failed: "Ihre Mitteilungen konnten nicht geladen werden.",
  retry: "Erneut versuchen",
  offline: "Sie sind offline. Was Sie verpassen, erscheint hier.",
  disconnected: "Die Verbindung ist unterbrochen. Was Sie verpassen, erscheint hier.",
  commandFailed: "Das hat nicht geklappt. Es wurde nichts geändert.",
  dismiss: "Ausblenden",
  arrived: (count, title) =>
    count === 1 ? `Neue Mitteilung: ${title}` : plural("de", count, { other: "# neue Mitteilungen" }),
};
