-- compatible with earlier versions: no
CREATE TABLE "event_log" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" uuid NOT NULL,
	"place" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"sender" text NOT NULL,
	"key" text NOT NULL,
	"notification" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_sender_key_pk" PRIMARY KEY("sender","key")
);
--> statement-breakpoint
CREATE TABLE "inboxes" (
	"user_id" text PRIMARY KEY NOT NULL,
	"last_sequence" integer DEFAULT 0 NOT NULL,
	"unread_count" integer DEFAULT 0 NOT NULL,
	"total_count" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification_events" (
	"user_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"unread_count" integer NOT NULL,
	"payload" json NOT NULL,
	"publish_after" timestamp (3) with time zone,
	CONSTRAINT "notification_events_user_id_sequence_pk" PRIMARY KEY("user_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_sequence" integer NOT NULL,
	"category" text NOT NULL,
	"title" text NOT NULL,
	"body" text,
	"data" json,
	"action_url" text,
	"priority" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_time" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "notification_events_unpublished" ON "notification_events" USING btree ("publish_after") WHERE "notification_events"."publish_after" is not null;--> statement-breakpoint
CREATE INDEX "notification_events_by_time" ON "notification_events" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "notifications_list" ON "notifications" USING btree ("user_id","created_sequence");--> statement-breakpoint
CREATE INDEX "notifications_unread" ON "notifications" USING btree ("user_id","created_sequence") WHERE "notifications"."read_at" is null;--> statement-breakpoint
CREATE INDEX "notifications_expiring_by_user" ON "notifications" USING btree ("user_id","expires_at") WHERE "notifications"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "notifications_expiring" ON "notifications" USING btree ("expires_at") WHERE "notifications"."expires_at" is not null;