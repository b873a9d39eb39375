-- compatible with earlier versions: yes
ALTER TABLE "idempotency_keys" ADD COLUMN "notification_id" uuid;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "input_hash" text;