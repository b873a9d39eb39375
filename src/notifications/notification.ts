import { z } from "zod";

const priorities = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

export type Priority = (typeof priorities)[number];

/** An instant as PostgreSQL's JSON functions and `JSON.stringify` write it. */
export const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be an instant")
  .transform((text) => new Date(text));

/** A notification as a statement's JSON, or a message, bears it. */
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

/** Something that a backend wants a person to know. `data` is the sender's own JSON. */
export type Notification = Readonly<z.output<typeof notificationSchema>>;
