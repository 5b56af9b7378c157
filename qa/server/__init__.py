"""The verbs over HTTP, and a page to ask from: `pullquote serve`."""
