// Runs once in the control of `preferences.py`; Gradio hands in element, props, trigger and watch.
const country = element.querySelector("select");
const audiences = [...element.querySelectorAll("input")];

const show = () => {
  country.value = props.value.country;
  for (const one of audiences) one.checked = one.value === props.value.audience;
};

element.addEventListener("change", () => {
  props.value = { country: country.value, audience: audiences.find((one) => one.checked).value };
  trigger("choose");
});
watch("value", show);
show();
