import { expect, it } from "vitest";
import {
  englishLabels,
  frenchLabels,
  germanLabels,
  italianLabels,
  japaneseLabels,
  portugueseLabels,
  simplifiedChineseLabels,
  spanishLabels,
} from "../../src/react/index.js";

const sets = {
  englishLabels,
  frenchLabels,
  germanLabels,
  italianLabels,
  japaneseLabels,
  portugueseLabels,
  simplifiedChineseLabels,
  spanishLabels,
};

it.each(Object.entries(sets))("%s has every label, and counts", (_name, labels) => {
  expect(Object.keys(labels).toSorted()).toEqual(Object.keys(englishLabels).toSorted());
  expect(Object.values(labels).every((label) => label !== "")).toBe(true);
  for (const count of [2, 5]) {
    expect(labels.bell(count)).toContain(`${count}`);
    expect(labels.arrived(count, "Title")).toContain(`${count}`);
  }
  expect(labels.bell(0)).toBe(labels.title);
  expect(labels.arrived(1, "Title")).toContain("Title");
});

it("Numbers follow the plural rules of the language", () => {
  expect(frenchLabels.bell(1)).toBe("Notifications, 1 non lue");
  expect(frenchLabels.bell(2)).toBe("Notifications, 2 non lues");
  expect(germanLabels.arrived(1234, "")).toBe("1.234 neue Mitteilungen");
  expect(spanishLabels.arrived(1_000_000, "")).toBe("1.000.000 de notificaciones nuevas");
});
