import { z } from "zod";
import { priorities } from "../database/column-values.js";

/** An instant as PostgreSQL's JSON functions and `JSON.stringify` write it. */
export const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be an instant")
  .transform((text) => new Date(text));

/** A notification in the JSON of a statement or a message. */
export const notificationSchema = z.object({
  id: z.string(),
  userId: z.string(),
  category: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  data: z.unknown(),
  actionUrl: z.string().nullable(),
  priority: z.enum(priorities),
  createdAt: instant,
  readAt: instant.nullable(),
  expiresAt: instant.nullable(),
});

/** A message for a user, created by a backend. `data` is the sender's own JSON. */
export type Notification = Readonly<z.output<typeof notificationSchema>>;
