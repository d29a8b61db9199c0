import { mount } from "svelte";

import "./app.css";
import App from "./App.svelte";
import { lookAhead } from "./ahead";
import { ask, readOpeningAddress } from "./device";

const opening = readOpeningAddress();
if (opening.invitation === null) lookAhead(ask, location.hash);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { opening } });
