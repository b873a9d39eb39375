import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const spanishLabels: InboxLabels = {
  title: "Notificaciones",
  bell: (unread) =>
    unread === 0
      ? "Notificaciones"
      : plural("es", unread, {
          one: "Notificaciones, # sin leer",
          many: "Notificaciones, # de no leídas",
          other: "Notificaciones, # sin leer",
        }),
  close: "Cerrar",
  markAllRead: "Marcar todo como leído",
  clear: "Vaciar",
  clearQuestion: "¿Eliminar todas las notificaciones?",
  clearYes: "Eliminar todas",
  clearNo: "Conservar",
  markRead: "Marcar como leída",
  markUnread: "Marcar como no leída",
  delete: "Eliminar",
  unread: "No leída",
  urgent: "Urgente",
  loading: "Cargando notificaciones",
  empty: "Estás al día",
  emptyHint: "Las novedades aparecerán aquí.",
  failed: "No se han podido cargar tus notificaciones.",
  retry: "Reintentar",
  offline: "No tienes conexión a Internet. Lo que te pierdas aparecerá aquí.",
  disconnected: "Se ha perdido la conexión. Lo que te pierdas aparecerá aquí.",
  commandFailed: "No se ha podido hacer. No se ha cambiado nada.",
  dismiss: "Descartar",
  arrived: (count, title) =>
    count === 1
      ? `Nueva notificación: ${title}`
      : plural("es", count, { many: "# de notificaciones nuevas", other: "# notificaciones nuevas" }),
};
