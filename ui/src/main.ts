import { mount } from "svelte";

import "./app.css";
import App from "./App.svelte";
import { readOpeningAddress } from "./device";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { opening: readOpeningAddress() } });
