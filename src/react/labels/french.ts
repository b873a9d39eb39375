import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const frenchLabels: InboxLabels = {
  title: "Notifications",
  bell: (unread) =>
    unread === 0
      ? "Notifications"
      : plural("fr", unread, {
          one: "Notifications, # non lue",
          many: "Notifications, # de non lues",
          other: "Notifications, # non lues",
        }),
  close: "Fermer",
  markAllRead: "Tout marquer comme lu",
  clear: "Vider",
  clearQuestion: "Supprimer toutes les notifications ?",
  clearYes: "Tout supprimer",
  clearNo: "Conserver",
  markRead: "Marquer comme lu",
  markUnread: "Marquer comme non lu",
  delete: "Supprimer",
  unread: "Non lu",
  urgent: "Urgent",
  loading: "Chargement des notifications",
  empty: "Vous êtes à jour",
  emptyHint: "Les nouveautés apparaîtront ici.",
  failed: "Impossible de charger vos notifications.",
  retry: "Réessayer",
  offline: "Vous êtes hors ligne. Ce que vous manquez apparaîtra ici.",
  disconnected: "La connexion est interrompue. Ce que vous manquez apparaîtra ici.",
  commandFailed: "L’action a échoué. Rien n’a été modifié.",
  dismiss: "Ignorer",
  arrived: (count, title) =>
    count === 1
      ? `Nouvelle notification : ${title}`
      : plural("fr", count, { many: "# de nouvelles notifications", other: "# nouvelles notifications" }),
};
