import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const italianLabels: InboxLabels = {
  title: "Notifiche",
  bell: (unread) =>
    unread === 0
      ? "Notifiche"
      : plural("it", unread, {
          one: "Notifiche, # non letta",
          many: "Notifiche, # di non lette",
          other: "Notifiche, # non lette",
        }),
  close: "Chiudi",
  markAllRead: "Segna tutto come letto",
  clear: "Svuota",
  clearQuestion: "Eliminare tutte le notifiche?",
  clearYes: "Elimina tutte",
  clearNo: "Mantieni",
  markRead: "Segna come letta",
  markUnread: "Segna come non letta",
  delete: "Elimina",
  unread: "Non letta",
  urgent: "Urgente",
  loading: "Caricamento delle notifiche",
  empty: "Nessuna novità",
  emptyHint: "Le novità appariranno qui.",
  failed: "Impossibile caricare le notifiche.",
  retry: "Riprova",
  offline: "Sei offline. Ciò che ti perdi apparirà qui.",
  disconnected: "La connessione è interrotta. Ciò che ti perdi apparirà qui.",
  commandFailed: "Operazione non riuscita. Non è stato modificato nulla.",
  dismiss: "Ignora",
  arrived: (count, title) =>
    count === 1
      ? `Nuova notifica: ${title}`
      : plural("it", count, { many: "# di nuove notifiche", other: "# nuove notifiche" }),
};
