import { describeNotifications } from "./behaviour.js";

describeNotifications("PostgreSQL");
