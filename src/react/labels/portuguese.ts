import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const portugueseLabels: InboxLabels = {
  title: "Notificações",
  bell: (unread) =>
    unread === 0
      ? "Notificações"
      : plural("pt", unread, {
          one: "Notificações, # não lida",
          many: "Notificações, # de não lidas",
          other: "Notificações, # não lidas",
        }),
  close: "Fechar",
  markAllRead: "Marcar tudo como lido",
  clear: "Limpar",
  clearQuestion: "Excluir todas as notificações?",
  clearYes: "Excluir todas",
  clearNo: "Manter",
  markRead: "Marcar como lida",
  markUnread: "Marcar como não lida",
  delete: "Excluir",
  unread: "Não lida",
  urgent: "Urgente",
  loading: "Carregando notificações",
  empty: "Tudo em dia",
  emptyHint: "As novidades aparecerão aqui.",
  failed: "Não foi possível carregar suas notificações.",
  retry: "Tentar novamente",
  offline: "Você está offline. O que você perder aparecerá aqui.",
  disconnected: "A conexão foi perdida. O que você perder aparecerá aqui.",
  commandFailed: "Não foi possível fazer isso. Nada foi alterado.",
  dismiss: "Dispensar",
  arrived: (count, title) =>
    count === 1
      ? `Nova notificação: ${title}`
      : plural("pt", count, { many: "# de novas notificações", other: "# novas notificações" }),
};
