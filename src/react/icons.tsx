import type { ReactNode } from "react";

/**
 * Drawn in the colour of the text, and hidden from screen readers: the button has a label. They are painted by the style sheet or a
 * style property, because any rule of the page would override an attribute.
 */
function Icon({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <svg className="carillon-icon" viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

export function BellIcon(): ReactNode {
  return (
    <Icon>
      <path d="M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5" />
      <path d="M10 19.5a2.2 2.2 0 0 0 4 0" />
    </Icon>
  );
}

export function CheckIcon(): ReactNode {
  return (
    <Icon>
      <path d="m5 12.5 4.5 4.5L19 7.5" />
    </Icon>
  );
}

export function DotIcon(): ReactNode {
  return (
    <Icon>
      <circle cx="12" cy="12" r="4.5" style={filled} />
    </Icon>
  );
}

export function TrashIcon(): ReactNode {
  return (
    <Icon>
      <path d="M4.5 7h15M10 7V4.5h4V7M6.5 7l1 12.5h9l1-12.5M10.2 11v5M13.8 11v5" />
    </Icon>
  );
}

export function CloseIcon(): ReactNode {
  return (
    <Icon>
      <path d="m6.5 6.5 11 11m0-11-11 11" />
    </Icon>
  );
}

/** For an empty inbox: a bell at rest. */
export function RestingBell(): ReactNode {
  return (
    <svg className="carillon-resting" viewBox="0 0 120 96" aria-hidden="true">
      <ellipse cx="60" cy="86" rx="34" ry="5" style={{ ...filled, stroke: "none", opacity: 0.12 }} />
      <path
        d="M36 46a24 24 0 0 1 48 0c0 18 7 23 7 23H29s7-5 7-23Z"
        style={{ ...filled, fillOpacity: 0.14 }}
      />
      <path d="M52 76a8.5 8.5 0 0 0 16 0M60 22v-6" />
      <path d="M92 22h10l-10 12h10M106 6h7l-7 9h7" style={{ strokeWidth: 2.5, opacity: 0.6 }} />
    </svg>
  );
}

const filled = { fill: "currentcolor" };
