// Switches messages of this browser on: asks the browser for a subscription and sends it with the form it stands in.
(() => {
  const form = document.querySelector("form[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const button = form.querySelector("button"), says = form.querySelector("[role=status]");
  form.hidden = false;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const worker = await navigator.serviceWorker.ready;
      const subscription = await worker.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push)});
      form.elements.browser.value = JSON.stringify(subscription);
      form.submit();
    } catch {
      says.textContent = document.documentElement.lang === "en"
        ? "The browser did not allow notifications. Allow them in its settings"
        : "Браузер не разрешил уведомления. Разрешите их в его настройках";
    }
  });
})();
