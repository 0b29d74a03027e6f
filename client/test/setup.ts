// What every test of the client needs: all French texts, those that a page loads later too.
import { loadAskedTexts } from "../src/i18n/t";

await loadAskedTexts("fr");
